import type { WriterGrants } from '../../store/privileges/granted.js';
import { Catalog } from './catalog.js';

/** For how long back growth is looked at. */
const SPAN = "interval '30 days'";

export interface CatalogIndex {
  readonly name: string;
  readonly isValid: boolean;
}

/** The rights of the connected role on an audit table, and what keeps it from more. */
export interface OwnPrivileges {
  readonly role: string;
  /** Whether it may change or delete rows, as it owns the table, or has been granted to. */
  readonly mayChange: boolean;
  /** Columns that it cannot write or read, although the library does. */
  readonly missing: readonly string[];
  readonly owner: string;
  readonly ownerLogsIn: boolean;
  /** The text of the guard's function; null where there is no guard, or it is off. */
  readonly guard: string | null;
}

/** Privileges of a role that is not the owner, such as `update` or `insert (id)`. */
export interface CatalogGrants {
  readonly role: string;
  readonly privileges: readonly string[];
}

/** How large the trail is, and what has come in a while. */
export interface TrailSize {
  /** With indexes. */
  readonly bytes: number;
  /** About. */
  readonly rows: number;
  /** Rows that were added within `days`. */
  readonly added: number;
  readonly days: number;
}

/** Asks the catalog about the tables of the trail. */
export class TrailCatalog extends Catalog {
  indexes(table: string): Promise<readonly CatalogIndex[]> {
    return this.run(
      `select i.relname as name, x.indisvalid as "isValid" from pg_index x join pg_class i on i.oid = x.indexrelid
       where x.indrelid = ?::regclass order by 1`,
      [table],
    );
  }

  async privileges(table: string, inserted: readonly string[]): Promise<OwnPrivileges> {
    const [row] = await this.run<OwnPrivileges>(
      `select current_user as role, o.rolname as owner, o.rolcanlogin as "ownerLogsIn",
         has_table_privilege(c.oid, 'update') or has_table_privilege(c.oid, 'delete')
           or has_table_privilege(c.oid, 'truncate') as "mayChange",
         (select p.prosrc from pg_trigger t join pg_proc p on p.oid = t.tgfoid
           where t.tgrelid = c.oid and t.tgname = c.relname || '_guard' and t.tgenabled <> 'D') as guard,
         coalesce((select json_agg(a.attname order by a.attnum) from pg_attribute a
           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and (
             not has_column_privilege(c.oid, a.attnum, 'select')
             or a.attname = any (string_to_array(?, ',')) and not has_column_privilege(c.oid, a.attnum, 'insert')
           )), '[]'::json) as missing
       from pg_class c join pg_roles o on o.oid = c.relowner where c.oid = ?::regclass`,
      [inserted.join(), table],
    );
    return row as OwnPrivileges;
  }

  /** The rights of roles beyond reading all, and adding rows by the columns that a statement of the library fills. */
  excessiveGrants(table: string, { rows, columns }: WriterGrants): Promise<readonly CatalogGrants[]> {
    return this.run(
      `select case grantee when 0 then 'public' else pg_get_userbyid(grantee) end as role, json_agg(privilege order by privilege) as privileges
       from (
         select a.grantee, lower(a.privilege_type) as privilege
         from pg_class c cross join lateral aclexplode(c.relacl) a
         where c.oid = ?::regclass and a.grantee <> c.relowner
           and (a.grantee = 0 or a.privilege_type not in ('SELECT'${rows ? ", 'INSERT'" : ''}))
         union all
         select a.grantee, lower(a.privilege_type) || ' (' || t.attname || ')'
         from pg_class c join pg_attribute t on t.attrelid = c.oid cross join lateral aclexplode(t.attacl) a
         where c.oid = ?::regclass and a.grantee <> c.relowner
           and not (a.privilege_type = 'SELECT' or a.privilege_type = 'INSERT' and t.attname = any (string_to_array(?, ',')))
       ) granted group by grantee order by 1`,
      [table, table, columns.join()],
    );
  }

  /**
   * From the sizes of the tables, and from the times and ids of the newest rows, by indexes: nothing is counted, unless
   * PostgreSQL has no estimate yet.
   */
  async size(changes: string, others: readonly string[]): Promise<TrailSize> {
    const sizes = [changes, ...others].map(() => 'pg_total_relation_size(?::regclass)').join(' + ');
    const [row] = await this.run<Record<keyof TrailSize, number>>(
      `with first as (
         select id, recorded_at from ${changes} where revision_id is null and entity_type is not null
           and recorded_at >= now() - ${SPAN} order by recorded_at, id limit 1
       )
       select (${sizes})::float8 as bytes, (select reltuples from pg_class where oid = ?::regclass)::float8 as rows,
         coalesce((select max(id) from ${changes}) - (select id from first) + 1, 0)::float8 as added,
         coalesce((select greatest(extract(epoch from now() - recorded_at) / 86400, 1) from first), extract(epoch from ${SPAN}) / 86400)::float8 as days`,
      [changes, ...others, changes],
    );
    const { bytes = 0, rows = 0, added = 0, days = 1 } = row ?? {};
    return { bytes, added, days, rows: rows > 0 ? rows : await this.count(changes) };
  }

  /** The names under which changes are recorded, by steps through the index of them. */
  async entityTypes(changes: string): Promise<readonly string[]> {
    const next = (after: string) =>
      `select entity_type from ${changes} where entity_type is not null${after} order by entity_type limit 1`;
    const rows = await this.run<{ readonly name: string }>(
      `with recursive type(name) as (
         (${next('')})
         union all
         select (${next(' and entity_type > type.name')}) from type where type.name is not null
       ) select name from type where name is not null`,
      [],
    );
    return rows.map(({ name }) => name);
  }

  /** How many changes are recorded under a name, counted as far as to the limit. */
  async changesOf(changes: string, entityType: string, limit: number): Promise<number> {
    const [row] = await this.run<{ readonly count: number }>(
      `select count(*)::float8 as count from (select from ${changes} where entity_type = ? limit ?) c`,
      [entityType, limit],
    );
    return row?.count ?? 0;
  }

  private async count(table: string): Promise<number> {
    const [row] = await this.run<{ readonly count: number }>(
      `select count(*)::float8 as count from ${table}`,
      [],
    );
    return row?.count ?? 0;
  }
}
