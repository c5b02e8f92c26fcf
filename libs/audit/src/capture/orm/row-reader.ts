import { type EntityManager, type EntityMetadata, type EntityProperty } from '@mikro-orm/core';
import type { AbstractSqlDriver } from '@mikro-orm/postgresql';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import type { EntityValues } from './entity-facts.js';
import { type Link, linkTableOf } from './link-table.js';
import { columnText } from './row-key.js';
import { homeOf, pivotOf, quotedLinkTable, rowPlace, schemaOf } from './schema-facts.js';

/** Which rows of a pivot table to read: those of certain owners, and those of certain targets. */
export interface LinkFilter {
  readonly owners: readonly (readonly unknown[])[];
  readonly targets: readonly (readonly unknown[])[];
}

/**
 * The statement that the flush is going to send to the rows; it decides how they are locked. Rows that others have locked are
 * waited for, or left out where only free ones are wanted.
 */
export type RowLock = 'none' | 'update' | 'delete' | 'update free' | 'delete free';

/**
 * The lock that the statement itself takes, not a stronger one. `for update` before an update would also wait for,
 * and block, foreign key checks on the row, which the update alone does not.
 */
const LOCK_CLAUSES: Readonly<Record<RowLock, string>> = {
  none: '',
  update: ' for no key update',
  delete: ' for update',
  'update free': ' for no key update skip locked',
  'delete free': ' for update skip locked',
};

/**
 * Reads what is stored, in the transaction of the flush. Rows come in database form, as the driver gives them
 * (value source `row`).
 *
 * Locks add no deadlock among flushes that read: rows are locked in the order of their keys, tables in one fixed
 * order, and the flush's own statements, which follow, find the same rows locked in the same mode already.
 */
export class RowReader {
  private readonly schemas = new Map<string, Promise<readonly string[]>>();

  constructor(
    private readonly em: EntityManager,
    private readonly transaction: unknown,
  ) {}

  private get driver(): AbstractSqlDriver {
    return this.em.getDriver() as AbstractSqlDriver;
  }

  /** Rows by entity id. */
  async rowsByKey(
    codec: EntityCodec,
    keys: readonly EntityValues[],
    lock: RowLock,
  ): Promise<ReadonlyMap<string, EntityValues>> {
    return this.rows(codec, amongKeys(codec.policy.meta, keys), lock);
  }

  /** Rows whose to-one property points to one of the rows with the given keys, by entity id. */
  async rowsByReference(
    codec: EntityCodec,
    reference: EntityProperty,
    keys: readonly unknown[],
    lock: RowLock,
  ): Promise<ReadonlyMap<string, EntityValues>> {
    const { targetKey, targetMeta } = reference;
    const around = codec.policy.schema ?? schemaOf(this.em);
    const values = targetKey && targetMeta ? this.valuesOf(targetMeta, targetKey, keys, around) : keys;
    return this.rows(codec, { [reference.name]: { $in: values } }, lock);
  }

  /** The schemas that have a table of a name. */
  async schemasWith(table: string): Promise<readonly string[]> {
    const rows = await this.execute(
      `select n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relname = ? and c.relkind in ('r', 'p') order by 1`,
      [table],
    );
    return rows.map(({ schema }) => String(schema));
  }

  /** The schemas that have a table of a name with a foreign key to a row that tenants share. */
  schemasWithKeyTo({ root }: EntityMetadata, table: string): Promise<readonly string[]> {
    const targets = [...this.em.getMetadata().getAll().values()].filter(
      (meta) => meta.root.class === root.class,
    );
    const names = [...new Set(targets.map(({ tableName }) => tableName))];
    const key = JSON.stringify([root.schema, names, table]);
    const schemas =
      this.schemas.get(key) ?? this.readSchemasWithKey(root.schema ?? homeOf(this.em), names, table);
    this.schemas.set(key, schemas);
    return schemas;
  }

  private async readSchemasWithKey(
    schema: string,
    targets: readonly string[],
    table: string,
  ): Promise<readonly string[]> {
    const rows = await this.execute(
      `select distinct n.nspname as schema from pg_constraint k
       join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_class t on t.oid = k.confrelid join pg_namespace o on o.oid = t.relnamespace
       where k.contype = 'f' and c.relname = ? and o.nspname = ?
         and t.relname in (${targets.map(() => '?').join(', ')}) order by 1`,
      [table, schema, ...targets],
    );
    return rows.map((row) => String(row.schema));
  }

  /**
   * The stored links of a many-to-many relation, seen from its owning side.
   * @param around the schema from which an end of them is seen
   */
  async links(
    owning: EntityProperty,
    filter: LinkFilter,
    around: string,
    lock: RowLock = 'none',
  ): Promise<readonly Link[]> {
    const platform = this.em.getPlatform();
    const table = quotedLinkTable(owning, around, this.em);
    const parameters: unknown[] = [];
    const among = (columns: readonly string[], keys: readonly (readonly unknown[])[]): string => {
      if (keys.length === 0) {
        return 'false';
      }
      parameters.push(...keys.flat());
      const tuple = `(${columns.map(() => '?').join(', ')})`;
      return `(${columns.map((column) => platform.quoteIdentifier(column)).join(', ')}) in (${keys.map(() => tuple).join(', ')})`;
    };
    const { ownerColumns, targetColumns, filter: shared } = linkTableOf(owning);
    const quote = (column: string): string => platform.quoteIdentifier(column);
    const ofTargets = among(targetColumns, filter.targets);
    const quotedOwner = ownerColumns.map(quote).join(', ');
    // Where the order is data the whole lists of those owners are needed, not only the links to the targets.
    const ofTheirOwners = owning.fixedOrder
      ? `(${quotedOwner}) in (select ${quotedOwner} from ${table} where ${ofTargets})`
      : ofTargets;
    const ofEnds = `${ofTheirOwners} or ${among(ownerColumns, filter.owners)}`;
    const where = shared ? `(${ofEnds}) and ${quote(shared.column)} = ?` : ofEnds;
    parameters.push(...(shared ? [shared.value] : []));
    const columns = [...ownerColumns, ...targetColumns];
    const order = owning.fixedOrder
      ? [owning.fixedOrderColumn ?? pivotOf(owning, this.em).primaryKeys[0] ?? '']
      : columns;
    const rows = await this.execute(
      `select ${columns.map(quote).join(', ')} from ${table} where ${where} order by ${order.map(quote).join(', ')}${LOCK_CLAUSES[lock]}`,
      parameters,
    );
    return rows.map((row) => ({
      ownerId: columnText(ownerColumns.map((column) => row[column])),
      targetId: columnText(targetColumns.map((column) => row[column])),
    }));
  }

  /** The values by which others refer to rows in the place of their keys. */
  private valuesOf(meta: EntityMetadata, name: string, keys: readonly unknown[], around: string): object {
    const values = keys.map((key) =>
      Object.fromEntries(meta.primaryKeys.map((part, i) => [part, Array.isArray(key) ? key[i] : key])),
    );
    return this.driver
      .createQueryBuilder(meta.class, this.transaction as never, 'write', false)
      .select([name] as never)
      .where(amongKeys(meta, values) as never)
      .withSchema(rowPlace(meta, around, this.em).schema);
  }

  private async rows(
    codec: EntityCodec,
    where: object,
    lock: RowLock,
  ): Promise<ReadonlyMap<string, EntityValues>> {
    const { meta, schema } = codec.policy;
    const query = this.driver
      .createQueryBuilder(meta.class, this.transaction as never, 'write', false)
      .select([...new Set([...meta.primaryKeys, ...codec.names])] as never)
      .where(where as never)
      .orderBy(meta.primaryKeys.map((name) => ({ [name]: 'asc' })) as never)
      .withSchema(schema);
    const { sql, params } = query.toQuery();
    const found = await this.execute(`${sql}${LOCK_CLAUSES[lock]}`, params);
    const rows = found.map((row) => this.driver.mapResult(row as never, meta, [], query) as EntityValues);
    return new Map(rows.map((row) => [codec.entityId(row, 'row'), row]));
  }

  private async execute(sql: string, parameters: readonly unknown[]): Promise<readonly EntityValues[]> {
    const connection = this.driver.getConnection('write');
    try {
      return await connection.execute<EntityValues[]>(sql, [...parameters], 'all', this.transaction as never);
    } catch (error) {
      // As MikroORM does it for its own statements, above the connection.
      throw error instanceof Error ? this.driver.convertException(error) : error;
    }
  }
}

function amongKeys({ primaryKeys }: EntityMetadata, keys: readonly EntityValues[]): object {
  const [only, second] = primaryKeys;
  if (only !== undefined && second === undefined) {
    return { [only]: { $in: keys.map((data) => data[only]) } };
  }
  // A key part may be a reference to a composite key itself, which MikroORM does not take among other parts.
  return { $or: keys.map((data) => Object.fromEntries(primaryKeys.map((name) => [name, data[name]]))) };
}

/** One order for all flushes of all processes, so that reads that lock never wait for each other crosswise. */
export function compareTables(one: EntityMetadata, other: EntityMetadata): number {
  return one.tableName < other.tableName ? -1 : one.tableName > other.tableName ? 1 : 0;
}
