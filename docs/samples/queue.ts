// #region imports
import { EntityManager } from '@mikro-orm/core';
import { Injectable, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type Actor, AuditContext, SYSTEM } from 'nestjs-mikro-audit';
import { PgBoss } from 'pg-boss';
import { Book, BooksModule } from './quick-start.js';

// #endregion

// #region worker
interface RenameJob {
  readonly bookId: number;
  readonly title: string;
  /** Whoever put the job into the queue, and the request in which. */
  readonly from: { readonly actor: Actor | null; readonly correlationId: string | null };
}

@Injectable()
export class RenameQueue implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly boss = new PgBoss(process.env.BOOKS_DATABASE_URL ?? 'postgresql://localhost/books');

  constructor(
    private readonly em: EntityManager,
    private readonly context: AuditContext,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.boss.on('error', console.error);
    await this.boss.start();
    await this.boss.createQueue('rename');
    // Here, and not in a request: what polls for ever would keep the context of that request for ever.
    await this.boss.work<RenameJob>('rename', { pollingIntervalSeconds: 0.5 }, async (jobs) => {
      for (const { data } of jobs) await this.rename(data);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.boss.stop();
  }

  async send(bookId: number, title: string): Promise<void> {
    const correlationId = this.context.current()?.correlationId ?? null;
    const from = { actor: await this.context.actor(), correlationId };
    await this.boss.send('rename', { bookId, title, from });
  }

  private async rename({ bookId, title, from }: RenameJob): Promise<void> {
    const who = { actor: SYSTEM('rename-worker'), origin: { source: 'queue' } };
    const why = {
      ...(from.actor && { onBehalfOf: from.actor }),
      ...(from.correlationId && { correlationId: from.correlationId }),
    };
    await this.context.run({ ...who, ...why }, async () => {
      const em = this.em.fork();
      const book = await em.findOneOrFail(Book, bookId);
      book.title = title;
      await em.flush();
    });
  }
}
// #endregion

@Module({ imports: [BooksModule], providers: [RenameQueue] })
export class QueueBooksModule {}
