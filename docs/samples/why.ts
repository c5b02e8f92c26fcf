// #region imports
import { EntityManager } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Injectable } from '@nestjs/common';
import {
  AuditAction,
  AuditContext,
  Audited,
  AuditModule,
  AuditRead,
  AuditReader,
  AuditRecorder,
  systemActor,
} from 'nestjs-mikro-audit';
import { Book } from './quick-start.js';

// #endregion

// #region options
export const strictAuditing = AuditModule.forRoot({
  requireActor: true,
  reasonFrom: { header: 'x-audit-reason', body: 'reason' },
  envelope: {
    keys: ['a secret of at least 32 characters, from your vault'],
    worker: systemActor('book-worker'),
  },
});
// #endregion

// #region action
@Injectable()
export class BookRemoval {
  constructor(private readonly em: EntityManager) {}

  @AuditAction('book.remove', { requireReason: true })
  async remove(id: number): Promise<void> {
    const em = this.em.fork();
    em.remove(await em.findOneOrFail(Book, id));
    await em.flush();
  }
}
// #endregion

// #region record
@Injectable()
export class CatalogueExport {
  constructor(private readonly recorder: AuditRecorder) {}

  async refuse(reason: string): Promise<void> {
    await this.recorder.record({ action: 'catalog.export', outcome: 'denied', reason });
  }
}
// #endregion

// #region envelope
interface BookMessage {
  readonly bookId: number;
  readonly envelope: string;
}

/** In the process that puts it into the queue. */
export async function toMessage(context: AuditContext, bookId: number): Promise<BookMessage> {
  return { bookId, envelope: await context.toEnvelope() };
}

/** In the worker. Throws before anything runs when the envelope is not one of ours. */
export function handleMessage(
  context: AuditContext,
  removal: BookRemoval,
  message: BookMessage,
): Promise<void> {
  return context.runWithEnvelope(message.envelope, () => removal.remove(message.bookId));
}
// #endregion

// #region suspend
export function importBooks(context: AuditContext, work: () => Promise<void>): Promise<void> {
  return context.withoutAuditing({ reason: 'first import from the old system' }, work);
}
// #endregion

// #region reads
@AuditRead()
@Audited({ name: 'member' })
@Entity()
export class Member {
  @PrimaryKey() id!: number;
  @Property() name!: string;
}

export async function whoLooked(audit: AuditReader, memberId: number): Promise<(string | null)[]> {
  const { items } = await audit.reads(Member, memberId, { limit: 20 });
  return items.map(({ actor }) => actor.id);
}
// #endregion
