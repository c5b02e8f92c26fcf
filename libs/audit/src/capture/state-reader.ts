import {
  type EntityManager,
  type EntityMetadata,
  type EntityProperty,
  LockMode,
  Utils,
} from '@mikro-orm/core';
import type { AbstractSqlDriver } from '@mikro-orm/postgresql';
import type { EntityCodec } from '../serialize/entity-codec.js';
import { keyText } from '../serialize/key-text.js';
import type { EntityValues } from './flush-subject.js';

/** A link of a many-to-many relation, by the texts of the keys of both ends. */
export interface Link {
  readonly ownerId: string;
  readonly targetId: string;
}

/** Which rows of a pivot table to read: those of certain owners, and those of certain targets. */
export interface LinkFilter {
  readonly owners: readonly (readonly unknown[])[];
  readonly targets: readonly (readonly unknown[])[];
}

/**
 * Reads what is stored, in the transaction of the flush. Rows come in database form, as the driver gives them
 * (value source `row`).
 *
 * With a lock, rows are locked in the order of their keys, and the capture asks for tables in one fixed order, so two
 * flushes that read cannot wait for each other crosswise. The flush's own statements lock the same rows anyway; they
 * only find them locked already.
 */
export class StateReader {
  constructor(
    private readonly em: EntityManager,
    private readonly transaction: unknown,
  ) {}

  /** Rows by entity id. */
  async rowsByKey(
    codec: EntityCodec,
    keys: readonly EntityValues[],
    lock: boolean,
    schema: string | undefined,
  ): Promise<ReadonlyMap<string, EntityValues>> {
    const { meta } = codec.policy;
    const key = Utils.getPrimaryKeyHash(meta.primaryKeys);
    const values = keys.map((data) => {
      const parts = meta.primaryKeys.map((name) => data[name]);
      return parts.length === 1 ? parts[0] : parts;
    });
    return this.rows(codec, { [key]: { $in: values } }, lock, schema);
  }

  /** Rows whose to-one property points to one of the given keys, by entity id. */
  async rowsByReference(
    codec: EntityCodec,
    reference: EntityProperty,
    keys: readonly unknown[],
    schema: string | undefined,
  ): Promise<ReadonlyMap<string, EntityValues>> {
    return this.rows(codec, { [reference.name]: { $in: keys } }, true, schema);
  }

  /** The stored links of a many-to-many relation, seen from its owning side. */
  async links(owning: EntityProperty, filter: LinkFilter): Promise<readonly Link[]> {
    const platform = this.em.getPlatform();
    const pivot = this.em.getMetadata().get(owning.pivotEntity as never) as EntityMetadata;
    const schema = pivot.schema ?? this.em.config.get('schema');
    const table = platform.quoteIdentifier(
      schema && schema !== '*' ? `${schema}.${pivot.tableName}` : pivot.tableName,
    );
    const parameters: unknown[] = [];
    const among = (columns: readonly string[], keys: readonly (readonly unknown[])[]): string => {
      if (keys.length === 0) {
        return 'false';
      }
      parameters.push(...keys.flat());
      const tuple = `(${columns.map(() => '?').join(', ')})`;
      return `(${columns.map((column) => platform.quoteIdentifier(column)).join(', ')}) in (${keys.map(() => tuple).join(', ')})`;
    };
    const ofTargets = among(owning.inverseJoinColumns, filter.targets);
    const quotedOwner = owning.joinColumns.map((column) => platform.quoteIdentifier(column)).join(', ');
    // Where the order is data the whole lists of those owners are needed, not only the links to the targets.
    const ofTheirOwners = owning.fixedOrder
      ? `(${quotedOwner}) in (select ${quotedOwner} from ${table} where ${ofTargets})`
      : ofTargets;
    const where = `${ofTheirOwners} or ${among(owning.joinColumns, filter.owners)}`;
    const columns = [...owning.joinColumns, ...owning.inverseJoinColumns];
    const order = (owning.fixedOrder ? [owning.fixedOrderColumn ?? pivot.primaryKeys[0] ?? ''] : columns).map(
      (column) => platform.quoteIdentifier(column),
    );
    const rows = await this.execute(
      `select ${columns.map((column) => platform.quoteIdentifier(column)).join(', ')} from ${table} where ${where} order by ${order.join(', ')}`,
      parameters,
    );
    return rows.map((row) => ({
      ownerId: keyText(owning.joinColumns.map((column) => String(row[column]))),
      targetId: keyText(owning.inverseJoinColumns.map((column) => String(row[column]))),
    }));
  }

  private async rows(
    codec: EntityCodec,
    where: object,
    lock: boolean,
    schema: string | undefined,
  ): Promise<ReadonlyMap<string, EntityValues>> {
    const { meta } = codec.policy;
    const names = new Set([...meta.primaryKeys, ...codec.properties.keys()]);
    const rows = (await this.em.getDriver().find(meta.class, where, {
      ctx: this.transaction,
      fields: [...names],
      orderBy: meta.primaryKeys.map((name) => ({ [name]: 'asc' })),
      populate: [],
      ...(lock ? { lockMode: LockMode.PESSIMISTIC_WRITE } : {}),
      ...(schema === undefined ? {} : { schema }),
    } as never)) as EntityValues[];
    return new Map(rows.map((row) => [codec.entityId(row, 'row'), row]));
  }

  private async execute(sql: string, parameters: readonly unknown[]): Promise<readonly EntityValues[]> {
    const connection = (this.em.getDriver() as AbstractSqlDriver).getConnection('write');
    return connection.execute<EntityValues[]>(sql, [...parameters], 'all', this.transaction as never);
  }
}
