import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { ANY_SCHEMA, tableInNotes } from '../../serialize/text/statement-note.js';

/** A foreign key on which the database acts by itself. */
export interface CatalogForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** `cascade`, `set null` or `set default`; null where it refuses deletes. */
  readonly onDelete: string | null;
  /** The same of updates of the key. */
  readonly onUpdate: string | null;
  /** Whether a policy of row level security looks at a column of the table that is no part of the key. */
  readonly passesPolicies: boolean;
}

/** A trigger or a rewrite rule. */
export interface CatalogTrigger {
  readonly name: string;
  readonly isOn: boolean;
}

/** A trigger with what it calls. */
export interface CatalogFunctionTrigger extends CatalogTrigger {
  /** Of the body of its function, as `bodyDigest()` makes it. */
  readonly digest: string;
}

/** White space aside, of which migrations make other one. */
export function bodyDigest(body: string): string {
  return createHash('sha256')
    .update(body.replaceAll(/[ \t\r\n]+/g, ''))
    .digest('hex');
}

/** Asks the catalog of PostgreSQL about tables of the app, which are given as quoted names. */
export class Catalog {
  constructor(protected readonly em: EntityManager) {}

  actingForeignKeys(table: string): Promise<readonly CatalogForeignKey[]> {
    const rule = (column: string) =>
      `case c.${column} when 'c' then 'cascade' when 'n' then 'set null' when 'd' then 'set default' end`;
    return this.run(
      `select c.conname as name, ${rule('confdeltype')} as "onDelete", ${rule('confupdtype')} as "onUpdate",
         (select json_agg(a.attname order by k.n) from unnest(c.conkey) with ordinality k(attnum, n)
           join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum) as columns,
         exists (select from pg_class t join pg_policy p on p.polrelid = t.oid
           join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refobjid = t.oid
           where t.oid = c.conrelid and t.relrowsecurity and d.refobjsubid > 0 and d.refobjsubid <> all (c.conkey)) as "passesPolicies"
       from pg_constraint c where c.contype = 'f' and c.conrelid = ?::regclass
         and (c.confdeltype in ('c', 'n', 'd') or c.confupdtype in ('c', 'n', 'd')) order by 1`,
      [table],
    );
  }

  triggers(table: string): Promise<readonly CatalogFunctionTrigger[]> {
    return this.run(
      `select tgname as name, tgenabled in ('O', 'A') as "isOn",
         encode(sha256(convert_to(regexp_replace(prosrc, '[ \\t\\r\\n]+', '', 'g'), 'UTF8')), 'hex') as digest
       from pg_trigger join pg_proc p on p.oid = tgfoid
       where tgrelid = ?::regclass and not tgisinternal order by 1`,
      [table],
    );
  }

  /** In place of tables of any schema those of each one that has all of them. */
  async inEachTenant<Value>(tables: ReadonlyMap<string, Value>): Promise<ReadonlyMap<string, Value>> {
    const prefix = tableInNotes(ANY_SCHEMA, '').slice(0, -2);
    const ofTenants = [...tables.keys()].filter((table) => table.startsWith(prefix));
    if (ofTenants.length === 0) {
      return tables;
    }
    const schemas = await this.run<{ readonly schema: string }>(
      `select format('%I', nspname) as schema from pg_namespace where not exists (
         select from json_array_elements_text(?) name where to_regclass(format('%I.%s', nspname, name)) is null) order by 1`,
      [JSON.stringify(ofTenants.map((table) => table.slice(prefix.length)))],
    );
    return new Map(
      [...tables].flatMap(([table, value]) =>
        table.startsWith(prefix)
          ? schemas.map(({ schema }) => [`${schema}.${table.slice(prefix.length)}`, value] as const)
          : [[table, value] as const],
      ),
    );
  }

  rules(table: string): Promise<readonly CatalogTrigger[]> {
    return this.run(
      `select rulename as name, ev_enabled <> 'D' as "isOn" from pg_rewrite
       where ev_class = ?::regclass and rulename <> '_RETURN' order by 1`,
      [table],
    );
  }

  /** Roles and databases for which triggers do not run, whatever is said of the triggers. */
  async rolesWithoutTriggers(): Promise<readonly string[]> {
    const rows = await this.run<{ readonly name: string }>(
      `select coalesce(r.rolname, d.datname, 'all') as name from pg_db_role_setting s
         left join pg_roles r on r.oid = s.setrole left join pg_database d on d.oid = s.setdatabase
       where (s.setdatabase = 0 or d.datname = current_database())
         and exists (select from unnest(s.setconfig) one where one = 'session_replication_role=replica') order by 1`,
      [],
    );
    return rows.map(({ name }) => name);
  }

  /** Seconds since the oldest transaction of the database began; 0 without any. */
  async oldestTransaction(): Promise<number> {
    const [row] = await this.run<{ readonly seconds: number }>(
      `select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::float8 as seconds
       from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      [],
    );
    return row?.seconds ?? 0;
  }

  async serverVersion(): Promise<string> {
    const [row] = await this.run<{ readonly version: string }>(
      `select current_setting('server_version') as version`,
      [],
    );
    return row?.version ?? '';
  }

  protected run<Row>(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]> {
    return this.em.execute(sql, [...parameters]);
  }
}
