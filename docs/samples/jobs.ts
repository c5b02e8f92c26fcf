// #region imports
import { EntityManager } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { AuditContext, systemActor } from 'nestjs-mikro-audit';
import { Book } from './quick-start.js';

// #endregion

// #region job
@Injectable()
export class ReorderJob {
  constructor(
    private readonly em: EntityManager,
    private readonly context: AuditContext,
  ) {}

  /** Call it from your scheduler. */
  async run(runId: string): Promise<void> {
    const who = { actor: systemActor('reorder-job'), correlationId: runId, origin: { source: 'job' } };
    await this.context.run({ ...who, reason: 'stock below 5' }, async () => {
      const em = this.em.fork();
      for (const book of await em.find(Book, { stock: { $lt: 5 } })) book.stock += 10;
      await em.flush();
    });
  }
}
// #endregion

// #region queue
interface QueuedRename {
  readonly bookId: number;
  readonly title: string;
  /** `context.current()?.correlationId` of whoever put the message into the queue. */
  readonly correlationId: string;
}

export async function handle(message: QueuedRename, em: EntityManager, context: AuditContext): Promise<void> {
  const { correlationId, bookId, title } = message;
  const values = { actor: systemActor('rename-worker'), correlationId, origin: { source: 'queue' } };
  await context.run(values, async () => {
    const book = await em.findOneOrFail(Book, bookId);
    book.title = title;
    await em.flush();
  });
}
// #endregion
