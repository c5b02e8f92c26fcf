import { literal } from '../model/sql-names.js';
import type { TableNames } from '../store/tables/table-names.js';
import { lockKeySql } from './tick-sql.js';

/** How sessions of sequencers call themselves. */
export const SEQUENCER_APPLICATION = 'mikro-audit sequencer';

/**
 * A session that has the lock and is no sequencer, in words; no row, or null, where there is none. Every role that may connect can take the
 * lock, and every role sees who has it.
 */
export function strangerSql(tables: TableNames): string {
  return `select format('the advisory lock of the sequencer is held by the process %s of the role %s (application %s), which is none',
    a.pid, coalesce(quote_ident(a.usename), 'unknown'), quote_literal(coalesce(a.application_name, ''))) as stranger
from pg_locks l join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory' and l.granted and l.objsubid = 1
  and l.database = (select oid from pg_database where datname = current_database())
  and (l.classid::bigint << 32 | l.objid::bigint) = ${lockKeySql(tables)}
  and a.application_name is distinct from ${literal(SEQUENCER_APPLICATION)} limit 1`;
}
