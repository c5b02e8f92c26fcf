import type { Client } from 'pg';
import type { ColumnType } from './normalize.js';

/** Types of the columns of every table, as the catalog of the database has them. */
export type DatabaseColumns = ReadonlyMap<string, ReadonlyMap<string, ColumnType>>;

const COLUMNS = `
  select n.nspname as schema, c.relname as table, a.attname as name,
    base.typname as type, element.typname as element
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
  join pg_namespace n on n.oid = c.relnamespace and n.nspname not in ('pg_catalog', 'information_schema')
  join pg_type own on own.oid = a.atttypid
  join pg_type base on base.oid = case when own.typtype = 'd' then own.typbasetype else own.oid end
  left join pg_type element on base.typcategory = 'A' and element.oid = base.typelem
  where a.attnum > 0 and not a.attisdropped`;

interface ColumnRow {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly type: string;
  /** Null when it is no array. */
  readonly element: string | null;
}

/** The name of a table in the oracle: its own, with the schema when that is not `public`. */
export function tableKey(schema: string | undefined, table: string): string {
  return schema === undefined || schema === 'public' || schema === '*' ? table : `${schema}.${table}`;
}

export async function readColumns(client: Client): Promise<DatabaseColumns> {
  const { rows } = await client.query<ColumnRow>(COLUMNS);
  const tables = new Map<string, Map<string, ColumnType>>();
  for (const { schema, table, name, type, element } of rows) {
    const key = tableKey(schema, table);
    const columns = tables.get(key) ?? new Map<string, ColumnType>();
    columns.set(name, { kind: kindOf(element ?? type), array: element !== null });
    tables.set(key, columns);
  }
  return tables;
}

function kindOf(type: string): ColumnType['kind'] {
  switch (type) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'numeric':
    case 'oid':
      return 'number';
    case 'float8':
      return 'float';
    case 'float4':
      return 'real';
    case 'timestamp':
    case 'timestamptz':
      return 'instant';
    case 'date':
      return 'date';
    case 'time':
    case 'timetz':
      return 'time';
    case 'bytea':
      return 'bytes';
    case 'json':
    case 'jsonb':
      return 'json';
    default:
      return 'text';
  }
}
