import type { EntityManager } from '@mikro-orm/postgresql';
import { linkTableOf, owningSide } from '../../capture/orm/link-table.js';
import { columnText } from '../../capture/orm/row-key.js';
import { quotedLinkTable } from '../../capture/orm/schema-facts.js';
import type { AuditedCollection } from '../../policy/entity-policy.js';
import type { CoveredClass } from '../tables/covered-classes.js';

/** The columns of each foreign key of a table. */
const FOREIGN_KEYS = `
  select (select json_agg(a.attname order by k.n) from unnest(c.conkey) with ordinality k(attnum, n)
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum) as columns
  from pg_constraint c where c.contype = 'f' and c.conrelid = ?::regclass`;

/**
 * The link table of a relation, quoted, where nothing makes an added link wait for a lock on the row that records it: no foreign
 * key of the table leads there. Null where one does.
 */
export async function openLinkTable(
  em: EntityManager,
  { prop }: AuditedCollection,
  { policy, instance }: CoveredClass,
): Promise<string | null> {
  const owning = owningSide(prop);
  if (!owning) {
    return null;
  }
  const { ownerColumns, targetColumns } = linkTableOf(owning);
  const columns = columnText(prop.owner ? ownerColumns : targetColumns);
  const table = quotedLinkTable(owning, policy.schema ?? instance.policies.schema, em);
  const keys: readonly { readonly columns: readonly string[] }[] = await em
    .getConnection('write')
    .execute(FOREIGN_KEYS, [table]);
  return keys.some((key) => columnText(key.columns) === columns) ? null : table;
}
