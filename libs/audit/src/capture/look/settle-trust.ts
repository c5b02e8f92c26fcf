import type { UnitOfWork } from '@mikro-orm/core';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import { jsonEquals } from '../../serialize/json/canonical-json.js';
import type { SnapshotTrust } from '../believe/snapshot-trust.js';
import { type EntityValues, snapshotOf } from '../orm/entity-facts.js';
import { entityOfRow } from '../orm/identity-map.js';
import type { RowKey } from '../orm/row-key.js';
import { columnName } from './renamed-keys.js';
import type { RowDifferences } from './row-differences.js';

/** Trusts the snapshots of entities that agree with the rows that the flush left, and distrusts the others. */
export function settleTrust(
  { watched, after }: RowDifferences,
  unitOfWork: UnitOfWork,
  snapshots: SnapshotTrust,
  transaction: object,
): void {
  const settle = (key: RowKey, codec: EntityCodec, entity: object | null | undefined): void => {
    const row = after.get(key);
    if (!entity) {
      return;
    }
    // MikroORM goes on to name an entity with a changed key by the old one.
    const isRenamed = watched.renamed.has(columnName(key, key.columns));
    if (row && !isRenamed && agrees(codec, snapshotOf(entity), row)) {
      snapshots.trust(entity, transaction);
    } else {
      snapshots.distrust(entity);
    }
  };
  for (const { key, codec } of watched.rows.values()) {
    settle(key, codec, entityOfRow(unitOfWork, key));
  }
  for (const [key, entity] of watched.entities) {
    const codec = watched.rows.get(key)?.codec;
    if (codec) {
      settle(key, codec, entity);
    }
  }
  for (const { key, codec, entity } of watched.created) {
    settle(key, codec, entity);
  }
}

/** Whether a snapshot shows the row, as far as it has values. */
function agrees(codec: EntityCodec, snapshot: EntityValues | undefined, row: EntityValues): boolean {
  return (
    snapshot !== undefined &&
    [...codec.properties.values()].every((property) => {
      if (!(property.name in snapshot)) {
        return row[property.name] === null || property.hasDatabaseDefault;
      }
      const known = property.encode(snapshot[property.name], 'unit-of-work');
      return jsonEquals(property.storedForm(known) ?? known, property.encode(row[property.name], 'row'));
    })
  );
}
