import type { EntityProperty } from '@mikro-orm/core';
import type { EntityCodec, EntityCodecs } from '../serialize/entity/entity-codec.js';
import { type AffectedRow, asValue, columnText } from './affected-row.js';
import type { PointerRule } from './doomed-writes.js';
import { keyColumns, keyOf } from './flush-subject.js';
import { type DirtyCollection, keyValues } from './link-changes.js';
import type { StateReader } from './state-reader.js';

/**
 * The rows that a one-to-many collection loses when it is replaced without having been loaded: MikroORM deletes or
 * detaches them with one statement. One locking read.
 */
export async function rowsLetGo(
  { prop, owner, items }: DirtyCollection,
  codecs: EntityCodecs,
  reader: StateReader,
  schema: string | undefined,
): Promise<readonly AffectedRow[]> {
  const codec = prop.targetMeta && codecs.find(prop.targetMeta);
  const reference = prop.targetMeta?.properties[prop.mappedBy as never] as EntityProperty | undefined;
  if (!codec || !reference) {
    return [];
  }
  const kept = new Set(items.map((item) => columnText(keyValues(item))));
  const effect = prop.orphanRemoval ? 'delete' : 'set null';
  const lock = prop.orphanRemoval ? 'delete' : 'update';
  const rows = await reader.rowsByReference(codec, reference, [asValue(keyValues(owner))], lock, schema);
  return [...rows]
    .filter(([, row]) => !kept.has(columnText(keyColumns(codec.policy.meta, row))))
    .map(([entityId, row]) => ({ codec, entityId, row, reference, effect, newKey: null, isEarly: false }));
}

/** The rows that a one-to-many collection takes, see `DirtyCollection.attached`. One locking read. */
export async function rowsTaken(
  { prop, owner, attached }: DirtyCollection,
  codecs: EntityCodecs,
  reader: StateReader,
  schema: string | undefined,
): Promise<readonly AffectedRow[]> {
  const codec = prop.targetMeta && codecs.find(prop.targetMeta);
  const reference = prop.targetMeta?.properties[prop.mappedBy as never] as EntityProperty | undefined;
  if (!codec || !reference || attached.length === 0) {
    return [];
  }
  const keys = attached.map((item) => keyOf(item, codec.policy.meta));
  const rows = await reader.rowsByKey(codec, keys, 'update', schema);
  const newKey = () => keyValues(owner);
  return [...rows].map(([entityId, row]) => ({
    ...{ codec, entityId, row, reference, newKey },
    effect: 'set key',
    isEarly: false,
  }));
}

/** How the collections that are replaced without having been loaded treat rows of a class that are not in them. */
export function letGoRules(
  collections: readonly DirtyCollection[],
  { policy: { meta } }: EntityCodec,
): readonly PointerRule[] {
  return collections.flatMap((collection) => {
    const { prop, snapshot } = collection;
    const reference = (meta.properties as Record<string, EntityProperty | undefined>)[prop.mappedBy];
    const isOfClass = prop.targetMeta?.root.class === meta.root.class;
    return snapshot === undefined && reference && isOfClass
      ? [{ reference, effect: prop.orphanRemoval ? 'delete' : 'set null', letGoBy: collection }]
      : [];
  });
}
