import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Waits until no transaction of the server, other suites' included, is older than the trail: positions and the feed, which open
 * transactions hold back, then go as far as the trail does.
 */
export async function untilNothingOpen(em: EntityManager): Promise<void> {
  const sql =
    'select pg_snapshot_xmin(pg_current_snapshot()) > max(transaction_id::text::xid8) as over from audit_change';
  for (let over = false; !over; ) {
    [{ over } = { over: true }] = await em.execute<{ over: boolean }[]>(sql);
  }
}
