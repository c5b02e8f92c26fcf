import type { EntityManager } from '@mikro-orm/postgresql';
import type { EntityValues } from '../capture/orm/entity-facts.js';
import { owningSide } from '../capture/orm/link-table.js';
import { compareTables, type RowLock, RowReader } from '../capture/orm/row-reader.js';
import type { JsonValue } from '../model/json.js';
import { RowMap } from '../model/row-map.js';
import type { AuditedCollection } from '../policy/entity-policy.js';
import type { AuditedInstance } from '../query/terms/audit-catalog.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { type RestoreTarget, rowOf } from './restore-target.js';

/** The present state of one entity in the database. */
export interface LiveEntity {
  /** Unmasked JSON by path, without relations that have no column. */
  readonly values: ReadonlyMap<string, JsonValue>;
  /** Ids of its links by relation, in their order where it is data. */
  readonly links: ReadonlyMap<string, readonly string[]>;
}

/** Ids of links by relation and entity id, in their order where it is data. */
export type LinksById = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

type Wanted = Pick<RestoreTarget, 'policy' | 'codec' | 'entityId'>;

/** Reads what entities are like now: one query for each class, and one for each of its relations. */
export class LiveReader {
  private readonly em: EntityManager;
  private readonly reader: RowReader;

  constructor(private readonly instance: AuditedInstance) {
    const { policies } = instance;
    this.em = policies.orm.em.getContext(false) as EntityManager;
    this.reader = new RowReader(this.em, this.em.getTransactionContext());
  }

  /** Without those that do not exist. */
  async read(wanted: readonly Wanted[]): Promise<RowMap<LiveEntity>> {
    const found = new RowMap<LiveEntity>();
    for (const [codec, ofClass] of byClass(wanted)) {
      const rows = await this.rows(codec, ofClass, 'none');
      const links = await this.linksOf(codec, [...rows.keys()]);
      for (const [id, row] of rows) {
        found.set(rowOf(codec.policy, id), {
          values: valuesOf(codec, row),
          links: new Map([...links].map(([name, byOwner]) => [name, byOwner.get(id) ?? []])),
        });
      }
    }
    return found;
  }

  /**
   * Locks rows against writers and against new references, in the order in which all readers of the library lock. Rows
   * that do not exist cannot be locked: restores that create the same one wait for each other by a lock on its name.
   */
  async lock(existing: readonly Wanted[], missing: readonly Wanted[]): Promise<void> {
    const names = missing.map(lockName);
    await this.em.getConnection('write').execute(
      `select pg_advisory_xact_lock(hash) from (
          select distinct hashtextextended(name, 0) as hash from json_array_elements_text(?::json) name order by 1
        ) names`,
      [JSON.stringify(names)],
      'run',
      this.em.getTransactionContext(),
    );
    for (const [codec, ofClass] of byClass(existing)) {
      await this.rows(codec, ofClass, 'delete');
    }
  }

  /** The ids of rows of a class whose reference leads to one of some keys. */
  async referring(codec: EntityCodec, name: string, keys: readonly unknown[]): Promise<readonly string[]> {
    const reference = codec.properties.get(name)?.property.prop;
    if (!reference || keys.length === 0) {
      return [];
    }
    return [...(await this.reader.rowsByReference(codec, reference, keys, 'none')).keys()];
  }

  /** Rows of a class, and of those that extend it, by entity id. */
  rows(
    codec: EntityCodec,
    wanted: readonly Pick<Wanted, 'entityId'>[],
    lock: RowLock,
  ): Promise<ReadonlyMap<string, EntityValues>> {
    const keys = wanted.flatMap(({ entityId }): EntityValues[] => {
      const key = codec.keyOf(entityId);
      return key ? [key] : [];
    });
    return this.reader.rowsByKey(codec, keys, lock);
  }

  /** The recorded links of some entities. */
  async linksOf(codec: EntityCodec, ids: readonly string[], lock: RowLock = 'none'): Promise<LinksById> {
    const links = new Map<string, ReadonlyMap<string, readonly string[]>>();
    for (const [name, collection] of ids.length > 0 ? codec.policy.collections : []) {
      links.set(name, await this.linksOfRelation(collection, ids, codec, lock));
    }
    return links;
  }

  private async linksOfRelation(
    { prop }: AuditedCollection,
    ids: readonly string[],
    codec: EntityCodec,
    lock: RowLock,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const byId = new Map<string, string[]>();
    const owning = owningSide(prop);
    if (owning) {
      const keys = ids.map((id) => Object.values(codec.keyOf(id) ?? {}).flat());
      const filter = { owners: prop.owner ? keys : [], targets: prop.owner ? [] : keys };
      const around = codec.policy.schema ?? this.instance.policies.schema;
      const stored = await this.reader.links(owning, filter, around, lock);
      for (const { ownerId, targetId } of stored) {
        const [id, linked] = prop.owner ? [ownerId, targetId] : [targetId, ownerId];
        byId.set(id, [...(byId.get(id) ?? []), linked]);
      }
    }
    return byId;
  }
}

/** The same in all processes. */
function lockName({ policy, entityId }: Wanted): string {
  return JSON.stringify([policy.meta.root.className, entityId, policy.schema ?? null]);
}

/** In the order in which tables are locked. */
function byClass(wanted: readonly Wanted[]): readonly (readonly [EntityCodec, readonly Wanted[]])[] {
  return [...Map.groupBy(wanted, ({ codec }) => codec)].sort(([one], [other]) =>
    compareTables(one.policy.meta, other.policy.meta),
  );
}

function valuesOf(codec: EntityCodec, row: EntityValues): ReadonlyMap<string, JsonValue> {
  return new Map(
    [...codec.properties].map(([name, property]) => [
      property.property.path,
      property.encode(row[name], 'row'),
    ]),
  );
}
