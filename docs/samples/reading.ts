import type { AuditReader } from 'nestjs-mikro-audit';
import { Book } from './quick-start.js';

// #region changes
/** The books that somebody sold out this year, newest first, with who did it. */
export async function soldOut(audit: AuditReader, userId: string): Promise<string[]> {
  const { items } = await audit.changes({
    entity: Book,
    actor: { type: 'user', id: userId },
    value: { property: 'stock', from: { gt: 0 }, to: { eq: 0 } },
    from: new Date('2026-01-01T00:00:00Z'),
    limit: 100,
  });
  return items.map(({ entityId, revision }) => `${entityId}: ${revision.actor.label ?? revision.actor.id}`);
}
// #endregion

// #region revisions
/** Tells what one request or job did, in one line per transaction. */
export async function causedBy(audit: AuditReader, correlationId: string): Promise<string[]> {
  const { items } = await audit.revisions({ correlationId, order: 'oldest' });
  return items.map(({ id, counts }) => `${id}: ${JSON.stringify(counts)}`); // 17: {"book":2}
}
// #endregion

// #region details
/** From which addresses a book was changed. */
export async function addressesOf(audit: AuditReader, bookId: number): Promise<(string | null)[]> {
  const { items } = await audit.history(Book, bookId, { details: true });
  return items.map(({ revision }) => revision.origin?.ip ?? null);
}
// #endregion

// #region latest
/** "Last modified by" of a page of books, in their order. */
export async function lastModifiedBy(audit: AuditReader, books: readonly Book[]): Promise<(string | null)[]> {
  const latest = await audit.latest(
    Book,
    books.map(({ id }) => id),
  );
  return latest.map((change) => change?.revision.actor.label ?? null);
}
// #endregion

// #region counts
/** Who has changed most since then. */
export async function busiest(audit: AuditReader, from: Date): Promise<string[]> {
  const { items } = await audit.counts({ by: 'actor', from, limit: 10 });
  return items.map(({ actor, changes, revisions }) => `${actor.label}: ${changes} in ${revisions}`);
}
// #endregion

// #region property
/** How the stock of a book went, from the beginning. */
export async function stockHistory(audit: AuditReader, bookId: number): Promise<unknown[]> {
  const { items } = await audit.history(Book, bookId, { property: 'stock', order: 'oldest' });
  return items.map(({ after }) => after?.stock);
}
// #endregion

// #region feed
/** Hands new revisions on, and says where to go on the next time; null begins with the oldest. */
export async function handOn(
  audit: AuditReader,
  after: string | null,
  send: (revisionId: string) => Promise<void>,
): Promise<string> {
  const { items, position, hasMore } = await audit.feed({ after, limit: 100 });
  for (const { id } of items) {
    await send(id);
  }
  return hasMore ? handOn(audit, position, send) : position;
}
// #endregion

// #region replica
/** How old the answers may be, in milliseconds; 0 for those of the primary. */
export async function mostDelay(audit: AuditReader): Promise<number> {
  const until = await audit.replicatedUntil();
  return until ? Date.now() - until.getTime() : 0;
}
// #endregion

// #region within
/** Only what happened for one tenant, whose id the requests put into the metadata of their context. */
export async function ofTenant(audit: AuditReader, tenant: string): Promise<string[]> {
  const { items } = await audit.changes({ entity: Book, within: { metadata: { tenant } } });
  return items.map(({ entityId, operation }) => `${operation} ${entityId}`);
}
// #endregion
