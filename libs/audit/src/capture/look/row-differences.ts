import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '../../model/json.js';
import { RowMap, type RowName } from '../../model/row-map.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import type { EntityValues } from '../orm/entity-facts.js';
import { RowKey } from '../orm/row-key.js';
import type { RowReader } from '../orm/row-reader.js';
import { type Draft, rowOf } from '../record/draft.js';
import { columnName } from './renamed-keys.js';
import type { WatchedRow } from './watched-rows.js';

/** A row that the flush has inserted, if its statement was sent. */
export interface CreatedRow {
  readonly key: RowKey;
  readonly codec: EntityCodec;
  /** Null for a row that no change set shows. */
  readonly entity: object | null;
}

/** Everything known of the watched rows when the statements have run. */
interface Watched {
  readonly rows: RowMap<WatchedRow>;
  readonly created: readonly CreatedRow[];
  /** The entities that the flush updates or deletes, by the keys that their rows had before. */
  readonly entities: readonly (readonly [RowKey, object])[];
  /** The key columns that rows get with the flush, by the name of the row before. */
  readonly renamed: RowMap<readonly unknown[]>;
}

/** The changes of watched rows, each the difference of two looks. */
export class RowDifferences {
  /** Deletes of rows that the flush inserted again. */
  readonly early: Draft[] = [];
  readonly others: Draft[] = [];
  /** The rows after the flush, by the names that they had before; null for rows that are gone. */
  readonly after = new RowMap<EntityValues | null>();

  private readonly recreated = new RowMap<true>();
  /** The keys at which rows are to be found that had another one, or none, before. */
  private readonly landing: RowMap<true>;

  private constructor(
    readonly watched: Watched,
    private readonly found: RowMap<EntityValues>,
  ) {
    this.landing = this.landingKeys();
    const created = new RowMap(watched.created.map((one) => [one.key, true] as const));
    const entities = new RowMap(watched.entities);
    for (const { key, codec, row } of watched.rows.values()) {
      // Nothing is where the flush inserted a row: that one has moved on, and the row before it is gone.
      const hasMoved = created.has(key) && !found.has(key);
      const after = hasMoved ? undefined : this.rowAfter(key);
      this.after.set(key, after ?? null);
      const draft = {
        ...(after ? updateOf(codec, row, after) : deleteOf(codec, row)),
        entity: entities.get(key) ?? null,
      };
      if (!after && created.has(key)) {
        this.early.push(draft);
        this.recreated.set(key, true);
      } else {
        this.others.push(draft);
      }
    }
    for (const { key, codec, entity } of watched.created) {
      const after = found.get(key) ?? (this.recreated.has(key) ? this.rowAtNewKey(key, codec) : undefined);
      this.after.set(key, after ?? null);
      if (after) {
        this.others.push({ ...wholeOf(codec, after, 'create'), entity });
      }
    }
  }

  /** At most one read per class, after the statements. */
  static async read(watched: Watched, reader: RowReader): Promise<RowDifferences> {
    const found = new RowMap<EntityValues>();
    const before = [...watched.rows.values()].flatMap(({ key, codec }) => {
      const columns = watched.renamed.get(columnName(key, key.columns));
      const keys = columns ? [key.where, whereOf(key, columns)] : [key.where];
      return keys.map((where) => ({ codec, where }));
    });
    const created = watched.created.map(({ key, codec }) => ({ codec, where: key.where }));
    const wanted = [...before, ...created];
    for (const [codec, ofClass] of Map.groupBy(wanted, (one) => one.codec)) {
      const keys = ofClass.map(({ where }) => where);
      for (const row of (await reader.rowsByKey(codec, keys, 'none')).values()) {
        found.set(RowKey.of(codec, row, 'row'), row);
      }
    }
    return new RowDifferences(watched, found);
  }

  /** The rows that are not as they were. */
  *changed(): Generator<RowName> {
    for (const draft of [...this.early, ...this.others]) {
      if (draft.operation !== 'update' || Object.keys(draft.after).length > 0) {
        yield rowOf(draft);
      }
    }
  }

  /** Whether a row is gone that was there before; false also for rows that nobody watched. */
  isGone(row: RowName): boolean {
    return this.watched.rows.has(row) && (this.after.get(row) === null || this.recreated.has(row));
  }

  /** Whether a row was deleted and inserted again. */
  isRecreated(row: RowName): boolean {
    return this.recreated.has(row) && this.after.get(row) !== null;
  }

  /** Whether a key is one that a row got, or was inserted with. */
  isLanding(row: RowName): boolean {
    return this.landing.has(row);
  }

  private landingKeys(): RowMap<true> {
    const landing = new RowMap<true>(this.watched.created.map(({ key }) => [key, true]));
    for (const { key, codec } of this.watched.rows.values()) {
      const columns = this.watched.renamed.get(columnName(key, key.columns));
      if (columns) {
        landing.set(RowKey.of(codec, whereOf(key, columns)), true);
      }
    }
    return landing;
  }

  /** A statement that MikroORM believes to have sent may have hit no row, or two rows want one key: the row may be where it was. */
  private rowAfter(key: RowKey): EntityValues | undefined {
    const codec = this.watched.rows.get(key)?.codec;
    const isAt = this.landing.has(key) ? undefined : this.found.get(key);
    return isAt ?? (codec && this.rowAtNewKey(key, codec));
  }

  private rowAtNewKey(key: RowKey, codec: EntityCodec): EntityValues | undefined {
    const columns = this.watched.renamed.get(columnName(key, key.columns));
    return columns && this.found.get(RowKey.of(codec, whereOf(key, columns)));
  }
}

/** A key with other columns, by property name. */
function whereOf({ meta, parts }: RowKey, columns: readonly unknown[]): EntityValues {
  let next = 0;
  return Object.fromEntries(
    meta.primaryKeys.map((name, i) => {
      const part = parts[i];
      const count = Array.isArray(part) ? part.flat(Number.POSITIVE_INFINITY).length : 1;
      const own = columns.slice(next, next + count);
      next += count;
      return [name, Array.isArray(part) ? own : own[0]];
    }),
  );
}

/** All that a row has, as it came to be or was found. */
export function wholeOf(codec: EntityCodec, row: EntityValues, operation: 'create' | 'baseline'): Draft {
  return { ...draftOf(codec, row, row), operation, before: {}, after: valuesOf(codec, row) };
}

function deleteOf(codec: EntityCodec, row: EntityValues): Draft {
  return { ...draftOf(codec, row, row), operation: 'delete', before: valuesOf(codec, row), after: {} };
}

/** Rows are compared as the driver gives them, because hidden values cannot be compared once they are encoded. */
function updateOf(codec: EntityCodec, row: EntityValues, after: EntityValues): Draft {
  const names = codec.names.filter((name) => !isDeepStrictEqual(row[name], after[name]));
  return {
    ...draftOf(codec, row, after),
    operation: 'update',
    before: valuesOf(codec, row, names),
    after: valuesOf(codec, after, names),
  };
}

function draftOf(
  codec: EntityCodec,
  row: EntityValues,
  latest: EntityValues,
): Omit<Draft, 'operation' | 'before' | 'after'> {
  const { partOf } = codec.policy;
  return {
    codec,
    entityId: codec.entityId(row, 'row'),
    entity: null,
    partOf: partOf === null ? undefined : codec.encode(partOf, latest[partOf], 'row'),
    links: null,
    open: null,
  };
}

function valuesOf(codec: EntityCodec, row: EntityValues, names = codec.names): JsonObject {
  return Object.fromEntries(
    names.map((name): [string, JsonValue] => [name, codec.encode(name, row[name], 'row')]),
  );
}
