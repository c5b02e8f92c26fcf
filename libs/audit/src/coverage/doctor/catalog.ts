import type { EntityManager } from '@mikro-orm/postgresql';
import { ANY_SCHEMA, tableInNotes } from '../../serialize/text/statement-note.js';

/** A foreign key on which the database acts by itself. */
export interface CatalogForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** `cascade`, `set null` or `set default`. */
  readonly rule: string;
}

export interface CatalogTrigger {
  readonly name: string;
  readonly isOn: boolean;
}

export interface CatalogIndex {
  readonly name: string;
  readonly isValid: boolean;
}

/** The privileges of the connected role on a table. */
export interface TablePrivileges {
  readonly role: string;
  readonly change: boolean;
  readonly guarded: boolean;
}

/** Asks the catalog of PostgreSQL. Tables are given as quoted names. */
export class Catalog {
  constructor(private readonly em: EntityManager) {}

  actingForeignKeys(table: string): Promise<readonly CatalogForeignKey[]> {
    return this.run(
      `select c.conname as name, case c.confdeltype when 'c' then 'cascade' when 'n' then 'set null' else 'set default' end as rule,
         (select json_agg(a.attname order by k.n) from unnest(c.conkey) with ordinality k(attnum, n)
           join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum) as columns
       from pg_constraint c where c.contype = 'f' and c.conrelid = ?::regclass and c.confdeltype in ('c', 'n', 'd') order by 1`,
      [table],
    );
  }

  triggers(table: string): Promise<readonly CatalogTrigger[]> {
    return this.run(
      `select tgname as name, tgenabled in ('O', 'A') as "isOn" from pg_trigger
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

  indexes(table: string): Promise<readonly CatalogIndex[]> {
    return this.run(
      `select i.relname as name, x.indisvalid as "isValid" from pg_index x join pg_class i on i.oid = x.indexrelid
       where x.indrelid = ?::regclass order by 1`,
      [table],
    );
  }

  async privileges(table: string): Promise<TablePrivileges> {
    const [row] = await this.run<TablePrivileges>(
      `select current_user as role,
         has_table_privilege(?::regclass, 'update') or has_table_privilege(?::regclass, 'delete')
           or has_table_privilege(?::regclass, 'truncate') as change,
         exists (select from pg_trigger where tgrelid = ?::regclass and tgname like '%\\_guard' and tgenabled <> 'D') as guarded`,
      [table, table, table, table],
    );
    return row as TablePrivileges;
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

  private run<Row>(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]> {
    return this.em.getConnection('write').execute(sql, [...parameters]);
  }
}
