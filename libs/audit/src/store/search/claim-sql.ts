import type { TableNames } from '../tables/table-names.js';

/** Of an action, a correlation id and metadata: whoever claims the same waits until the transaction has ended. */
export const CLAIM_LOCK =
  'select pg_advisory_xact_lock(hashtextextended(jsonb_build_array($1::text, $2::text, $3::jsonb)::text, 0))';

/** The outcome of the newest recorded action with them that was not denied. */
export function claimSql({ change }: TableNames): string {
  return `select outcome from ${change}
where action = $1::text and correlation_id = $2::text and coalesce(metadata, 'null') = $3::jsonb
  and revision_id is null and entity_type is null and outcome <> 'denied'
order by id desc limit 1`;
}
