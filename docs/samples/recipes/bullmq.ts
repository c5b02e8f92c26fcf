// #region imports
import { EntityManager } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { AuditContext } from 'nestjs-mikro-audit';
import { Book } from '../quick-start.js';

// #endregion

interface RenameJob {
  readonly bookId: number;
  readonly title: string;
  readonly envelope: string;
}

/** The part of `Queue` and `Job` that is used of BullMQ, which needs a Redis. */
interface Queue {
  add(name: string, data: RenameJob): Promise<unknown>;
}
interface Job {
  readonly data: RenameJob;
  readonly id?: string | undefined;
}

// #region queue
@Injectable()
export class Renames {
  constructor(
    private readonly queue: Queue, // @InjectQueue('renames')
    private readonly context: AuditContext,
  ) {}

  async later(bookId: number, title: string): Promise<void> {
    await this.queue.add('rename', { bookId, title, envelope: await this.context.toEnvelope() });
  }
}

@Injectable() // @Processor('renames'), extends WorkerHost
export class RenameProcessor {
  constructor(
    private readonly em: EntityManager,
    private readonly context: AuditContext,
  ) {}

  async process({ id, data: { bookId, title, envelope } }: Job): Promise<void> {
    const from = { origin: { source: 'bullmq' }, metadata: { job: id ?? null } };
    await this.context.runWithEnvelope(envelope, () => this.rename(bookId, title), from);
  }

  private async rename(bookId: number, title: string): Promise<void> {
    const em = this.em.fork();
    const book = await em.findOneOrFail(Book, bookId);
    book.title = title;
    await em.flush();
  }
}
// #endregion
