import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { RowReader } from '../capture/orm/row-reader.js';
import type { JsonValue } from '../model/json.js';
import type { SqlTransaction } from '../model/sql-transaction.js';
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
    const columns = props.flatMap(columnsOf);
    if (values.length === 0 || columns.length === 0) {
      return [];
    }
    const { meta } = table;
    const platform = this.em.getPlatform();
    const quote = (name: string) => platform.quoteIdentifier(name);
    const keys = meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames);
    const names = columns.map((_, at) => `v${at}`);
    const lists = columns.map((_, at) => `$${at + 1}::text[]`);
    const on = columns.map(({ name, type }, at) => `t.${quote(name)} = wanted.v${at}::${type}`);
    const sql = `select wanted.n as at, ${keys.map((key, at) => `t.${quote(key)}::text as k${at}`).join(', ')}
from unnest(${lists.join(', ')}) with ordinality wanted(${names.join(', ')}, n) join ${this.nameOf(table)} t on ${on.join(' and ')}
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
