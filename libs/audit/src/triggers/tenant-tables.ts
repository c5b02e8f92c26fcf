import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { literal } from '../model/sql-names.js';
import { TENANT } from './recorded-table.js';
import type { DeclaredTrigger } from './table-triggers.js';

/** Neither names in double quotes nor texts in single ones, nor the two inside of each other, could hold them as they are. */
const UNSAFE = `['"\\\\%<>$*?]`;

/**
 * The statements of a trigger for the table of each tenant that does not have it. MikroORM runs them as they are, whichever schema it
 * creates or updates, and has dropped an earlier version of the trigger there.
 * @param trigger for the schema `TENANT`
 */
export function forEachTenant(
  meta: EntityMetadata,
  { name, expression, ...trigger }: DeclaredTrigger,
): DeclaredTrigger {
  const ofAnyVersion = name.slice(0, name.lastIndexOf('_') + 1);
  const columns = meta.props.filter(isColumn).flatMap(({ fieldNames }) => fieldNames);
  const names = [...new Set(columns)].map(literal);
  const each = `do $tenants$
declare tenant text;
begin
  for tenant in
    select nspname from pg_class c join pg_namespace s on s.oid = relnamespace
    where relname = ${literal(meta.tableName)} and relkind in ('r', 'p') and pg_has_role(relowner, 'usage')
      and ${names.length} = (select count(*) from pg_attribute where attrelid = c.oid and not attisdropped and attname in (${names.join(', ')}))
      and not exists (select from pg_trigger where tgrelid = c.oid and starts_with(tgname, ${literal(ofAnyVersion)}))
  loop
    if tenant ~ ${literal(UNSAFE)} then
      raise exception 'audit trail: no triggers can be made in the schema %, because its name has quotes or other marks', tenant;
    end if;
    execute replace($statements$${expression}$statements$, ${literal(TENANT)}, tenant);
  end loop;
end
$tenants$`;
  return { ...trigger, name, expression: each };
}

/** Enough to tell the table of a tenant from another one of its name: without the members of embeddables. */
function isColumn({ persist, embedded, kind, owner, object }: EntityProperty): boolean {
  const { SCALAR, MANY_TO_ONE, ONE_TO_ONE, EMBEDDED } = ReferenceKind;
  return (
    persist !== false &&
    embedded === undefined &&
    (kind === SCALAR ||
      kind === MANY_TO_ONE ||
      (kind === ONE_TO_ONE && owner) ||
      (kind === EMBEDDED && object === true))
  );
}
