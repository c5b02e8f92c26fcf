import { SqlParameters } from '../sql/sql-parameters.js';
import type { BoundStatement } from '../sql/sql-statement.js';
import { IS_REVISION } from '../tables/revision-rows.js';
import { REVISION_COLUMNS } from '../tables/stored-row.js';
import type { TableNames } from '../tables/table-names.js';
import { countsSql, revisionMatches } from './change-conditions.js';
import type { FeedSearch } from './feed-search.js';

/**
 * Every transaction below this one has ended, so nothing can appear there any more. A transaction that is open holds
 * back what comes after it.
 */
const HORIZON = 'pg_snapshot_xmin(pg_current_snapshot())';

export const FEED_END_SQL = `select ${HORIZON}::text as horizon`;

/** Revisions of ended transactions in the order of the transactions, each with whether the filter finds it. */
export function feedSql({ filter, after, limit }: FeedSearch, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const transaction = parameters.add(after.transactionId, 'xid8');
  const revision = parameters.add(after.revisionId, 'bigint');
  const sql = `select horizon.*, seen.* from (${FEED_END_SQL}) horizon left join lateral (
  select ${REVISION_COLUMNS}, ${revisionMatches(filter, tables, parameters)} as matches, ${countsSql(filter, tables, parameters)}
  from (
    select r.* from ${tables.change} r
    where ${IS_REVISION} and (r.transaction_id, r.id) > (${transaction}, ${revision}) and r.transaction_id < ${HORIZON}
    order by r.transaction_id, r.id limit ${parameters.add(limit, 'int')}
  ) r
) seen on true
order by seen.transaction_id::xid8, seen.revision_id::bigint`;
  return { sql, parameters: parameters.values };
}
