import { Cascade, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { ForeignKeys } from '../capture/orm/foreign-keys.js';
import { RowMap } from '../model/row-map.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import { propertiesOf } from '../policy/metadata-properties.js';
import type { AuditedInstance } from '../query/terms/audit-catalog.js';
import { presentValues, storedTypes } from '../query/terms/change-decoder.js';
import { compareEntityIds } from '../query/terms/entity-id.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { keyText } from '../serialize/entity/key-text.js';
import type { StoredChange } from '../store/audit-store.js';
import { heldOf } from './held-value.js';
import type { LiveReader } from './live-reader.js';
import type { PointTargets } from './point-targets.js';
import { type RestoreTarget, rowOf } from './restore-target.js';

/** A to-one relation by which a class belongs to another. */
interface Belonging {
  readonly codec: EntityCodec;
  readonly reference: EntityProperty;
  readonly path: string;
}

/** Finds what belongs to entities, then and now: three queries for each relation and level. */
export class ChildTargets {
  private readonly rules: ForeignKeys;

  constructor(
    private readonly instance: AuditedInstance,
    private readonly targets: PointTargets,
    private readonly live: LiveReader,
    /** The changes that deleted others together with the entity that comes back; nothing when it is not deleted. */
    private readonly deletes: readonly StoredChange[],
  ) {
    this.rules = new ForeignKeys(instance.policies.orm, instance.codecs);
  }

  /** Everything below some entities, level by level, without themselves. */
  async below(roots: readonly RestoreTarget[]): Promise<readonly RestoreTarget[]> {
    const seen = new RowMap(roots.map((root) => [rowOf(root.policy, root.entityId), root]));
    const found: RestoreTarget[] = [];
    for (let level = roots; level.length > 0; ) {
      const next: RestoreTarget[] = [];
      for (const [policy, parents] of Map.groupBy(level, (target) => target.policy)) {
        for (const belonging of this.belongings(policy)) {
          for (const child of await this.children(belonging, parents)) {
            const row = rowOf(child.policy, child.entityId);
            if (!seen.has(row)) {
              seen.set(row, child);
              next.push(child);
            }
          }
        }
      }
      found.push(...next);
      level = next;
    }
    return found;
  }

  /**
   * Relations to a class whose entities are part of it or go with it. Those of a class come before those of the one that it extends, of
   * which its rows are found as well: a row is taken for what it is.
   */
  private belongings({ meta }: EntityPolicy): readonly Belonging[] {
    const rules = this.rules.onDelete(meta);
    const special = [...this.instance.codecs.all()].sort(
      (one, other) => depthOf(other.policy) - depthOf(one.policy),
    );
    return special.flatMap((codec) =>
      [...codec.properties.values()].flatMap(({ property: { prop, path } }) => {
        const isToParent =
          prop.targetMeta?.root.class === meta.root.class &&
          !prop.polymorphic &&
          (prop.kind === ReferenceKind.MANY_TO_ONE || prop.kind === ReferenceKind.ONE_TO_ONE);
        const isCascaded = rules.some(
          (rule) => rule.codec === codec && rule.reference === prop && rule.effect === 'delete',
        );
        const belongs = isToParent && (codec.policy.partOf === prop.name || isCascaded || isOwned(prop));
        return belongs ? [{ codec, reference: prop, path }] : [];
      }),
    );
  }

  /** Found by their deletes, which may be all that is recorded of them. */
  private deletedFrom(
    parentIds: ReadonlySet<string>,
    { policy }: EntityCodec,
    path: string,
    family: readonly EntityPolicy[],
  ): readonly string[] {
    const types = storedTypes(family);
    return this.deletes.flatMap(({ entityType, entityId, before }) => {
      const key = types.includes(entityType) ? presentValues(before ?? {}, policy)[path] : null;
      return parentIds.has(keyText([key ?? null])) ? [entityId] : [];
    });
  }

  private async children(
    { codec, reference, path }: Belonging,
    parents: readonly RestoreTarget[],
  ): Promise<readonly RestoreTarget[]> {
    const family = this.instance.policies.family(codec.policy.meta.class);
    const parentIds = new Set(
      parents.flatMap((parent) => heldOf(reference, parent, (name) => parent.values.get(name)) ?? []),
    );
    const referring =
      (await this.instance.store.search.referrers({
        types: storedTypes(family),
        paths: codec.policy.formerPaths.stored(path),
        targetIds: [...parentIds],
        afterId: null,
        limit: null,
      })) ?? [];
    const keys = parents.map((parent) => {
      const parts = Object.values(parent.codec.keyOf(parent.entityId) ?? {}).flat();
      return parts.length === 1 ? parts[0] : parts;
    });
    const liveIds = await this.live.referring(codec, reference.name, keys);
    const ids = new Set([...referring, ...liveIds, ...this.deletedFrom(parentIds, codec, path, family)]);
    // An entity without a history must not be taken for one that came later.
    const states = await this.targets.past.load(family, ids, { existed: true });
    return [...ids].sort(compareEntityIds).flatMap((id) => {
      const state = states.get(id) ?? null;
      const belonged = state !== null && parentIds.has(state.targetId(path) ?? '');
      return belonged || liveIds.includes(id) ? [this.targets.target(state, codec.policy, id, null)] : [];
    });
  }
}

/** Of the class below the one that its table belongs to. */
function depthOf({ meta }: EntityPolicy): number {
  let depth = 0;
  for (let { class: type } = meta; type !== meta.root.class && type?.prototype; depth += 1) {
    type = Object.getPrototypeOf(type);
  }
  return depth;
}

/** MikroORM itself removes them with the parent. */
function isOwned(reference: EntityProperty): boolean {
  const inverse = reference.targetMeta && propertiesOf(reference.targetMeta)[reference.inversedBy];
  return (
    inverse !== undefined &&
    (inverse.orphanRemoval === true ||
      inverse.cascade?.includes(Cascade.REMOVE) ||
      inverse.cascade?.includes(Cascade.ALL))
  );
}
