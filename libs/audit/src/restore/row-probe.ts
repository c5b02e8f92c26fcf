import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { RowReader } from '../capture/orm/row-reader.js';
import type { JsonValue } from '../model/json.js';
import type { SqlTransaction } from '../model/sql-transaction.js';
import { propertiesOf } from '../policy/metadata-properties.js';
import type { RowPlace } from '../policy/row-schema.js';
import { keyText } from '../serialize/entity/key-text.js';
import { runStatement } from '../store/sql/sql-statement.js';

/** A row with some values. */
export interface ProbeHit {
  /** The place of the values among those that were asked for. */
  readonly at: number;
  /** Entity id of the row. */
  readonly entityId: string;
}

/** A table of the database, audited or not. */
export interface LiveTable {
  readonly meta: EntityMetadata;
  readonly place: RowPlace;
}

/** Looks for rows by values of their columns: one query, however many values. */
export class RowProbe {
  constructor(private readonly em: EntityManager) {}

  /**
   * @param values for each row that is looked for the texts of the columns of the properties, in their order
   * @param limit of all hits together
   * @param locks whether the rows must stay as they are until the transaction ends
   */
  async find(
    table: LiveTable,
    props: readonly EntityProperty[],
    values: readonly (readonly string[])[],
    limit: number,
    locks = false,
  ): Promise<readonly ProbeHit[]> {
    return this.rows(table, props.flatMap(columnsOf), values, limit, { locks });
  }

  /**
   * Rows that refer to rows of another table.
   * @param keys of the rows that are referred to
   */
  async referring(
    referred: LiveTable,
    table: LiveTable,
    prop: EntityProperty,
    keys: readonly (readonly string[])[],
    limit: number,
    locks = false,
  ): Promise<readonly ProbeHit[]> {
    const held = prop.targetKey === undefined ? undefined : propertiesOf(referred.meta)[prop.targetKey];
    if (!held) {
      return this.find(table, [prop], keys, limit, locks);
    }
    const quote = (name: string) => this.em.getPlatform().quoteIdentifier(name);
    const [own = '', other = ''] = [prop, held].map(({ fieldNames }) => quote(fieldNames[0] ?? ''));
    const through = { of: referred, on: `t.${own} = r.${other}` };
    return this.rows(table, referred.meta.getPrimaryProps().flatMap(columnsOf), keys, limit, {
      locks,
      through,
    });
  }

  /** @param columns of the rows, or of those that they refer to `through` another table */
  private async rows(
    table: LiveTable,
    columns: readonly Column[],
    values: readonly (readonly string[])[],
    limit: number,
    { locks, through }: { locks: boolean; through?: { readonly of: LiveTable; readonly on: string } },
  ): Promise<readonly ProbeHit[]> {
    if (values.length === 0 || columns.length === 0) {
      return [];
    }
    const { meta } = table;
    const quote = (name: string) => this.em.getPlatform().quoteIdentifier(name);
    const keys = meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames);
    const names = columns.map((_, at) => `v${at}`);
    const lists = columns.map((_, at) => `$${at + 1}::text[]`);
    const alias = through ? 'r' : 't';
    const on = columns
      .map(({ name, type }, at) => `${alias}.${quote(name)} = wanted.v${at}::${type}`)
      .join(' and ');
    const own = `join ${this.nameOf(table)} t on ${through ? through.on : on}`;
    const joined = through ? `join ${this.nameOf(through.of)} r on ${on} ${own}` : own;
    const sql = `select wanted.n as at, ${keys.map((key, at) => `t.${quote(key)}::text as k${at}`).join(', ')}
from unnest(${lists.join(', ')}) with ordinality wanted(${names.join(', ')}, n) ${joined}
order by wanted.n, ${keys.map((key) => `t.${quote(key)}`).join(', ')} limit ${limit}${locks ? ' for update of t' : ''}`;
    // The values are those of the trail, which no query log must show.
    const found = await runStatement<Readonly<Record<string, unknown>>>(
      this.em.getTransactionContext<SqlTransaction>() ?? this.em.getConnection('write').getClient(),
      sql,
      columns.map((_, at) => values.map((row) => row[at])),
      this.em.getDriver(),
    );
    return found.map((row) => ({
      at: Number(row.at) - 1,
      entityId: keyText(keys.map((_, at) => String(row[`k${at}`]))),
    }));
  }

  /** As the reader of a flush has them. */
  schemasWithKeyTo(meta: EntityMetadata, table: string): Promise<readonly string[]> {
    return new RowReader(this.em, this.em.getTransactionContext()).schemasWithKeyTo(meta, table);
  }

  private nameOf({ meta, place }: LiveTable): string {
    const platform = this.em.getPlatform();
    const schema = place.schema ?? meta.schema;
    const name = platform.quoteIdentifier(meta.tableName);
    return schema ? `${platform.quoteIdentifier(schema)}.${name}` : name;
  }
}

interface Column {
  readonly name: string;
  readonly type: string;
}

function columnsOf({ fieldNames, columnTypes }: EntityProperty): readonly Column[] {
  return fieldNames.map((name, at) => {
    const type = columnTypes[at] ?? 'text';
    return { name, type: /serial/i.test(type) ? 'bigint' : type };
  });
}

/**
 * The texts that PostgreSQL takes for the columns of a stored value; null when the value has none: it is null, or no plain
 * value.
 */
export function columnTexts(value: JsonValue): readonly string[] | null {
  if (Array.isArray(value)) {
    const parts = value.map(columnTexts);
    return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
  }
  return value === null || typeof value === 'object' ? null : [String(value)];
}
