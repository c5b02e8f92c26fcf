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
/** What one request or job did, as one line per transaction. */
export async function causedBy(audit: AuditReader, correlationId: string): Promise<string[]> {
  const { items } = await audit.revisions({ correlationId, order: 'oldest' });
  return items.map(({ id, counts }) => `${id}: ${JSON.stringify(counts)}`); // 17: {"book":2}
}
// #endregion
