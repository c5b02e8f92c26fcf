// #region imports
import { EntityManager } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Injectable, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  AuditContext,
  AuditModule,
  AuditPostgreSqlDriver,
  auditEntities,
  systemActor,
} from 'nestjs-mikro-audit';
import { PgBoss } from 'pg-boss';
import { Book } from './quick-start.js';

// #endregion

// #region worker
interface RenameJob {
  readonly bookId: number;
  readonly title: string;
  /** The context of whoever put the job into the queue, signed. */
  readonly envelope: string;
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
    await this.boss.send('rename', { bookId, title, envelope: await this.context.toEnvelope() });
  }

  private async rename({ bookId, title, envelope }: RenameJob): Promise<void> {
    const work = async () => {
      const em = this.em.fork();
      const book = await em.findOneOrFail(Book, bookId);
      book.title = title;
      await em.flush();
    };
    await this.context.runWithEnvelope(envelope, work, { origin: { source: 'queue' } });
  }
}
// #endregion

const clientUrl = process.env.BOOKS_DATABASE_URL ?? 'postgresql://localhost/books';
const entities = [Book, ...auditEntities];
const orm = { driver: AuditPostgreSqlDriver, clientUrl, entities, metadataProvider: ReflectMetadataProvider };

// #region auditing
/** In the app and in its workers, which may be other processes. */
const auditing = AuditModule.forRoot({
  envelope: {
    keys: ['a secret of at least 32 characters, from your vault'],
    worker: systemActor('rename-worker'),
  },
});
// #endregion

@Module({ imports: [MikroOrmModule.forRoot(orm), auditing], providers: [RenameQueue] })
export class QueueBooksModule {}
