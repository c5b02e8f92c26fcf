import type { EntityProperty } from '@mikro-orm/core';
import type { JsonValue } from '../model/json.js';
import type { RestoreOperation } from '../model/restore-plan.js';
import { RowMap } from '../model/row-map.js';
import type { AuditedInstance } from '../query/terms/audit-catalog.js';
import { presentValues } from '../query/terms/change-decoder.js';
import { keyText } from '../serialize/entity/key-text.js';
import { isLinkDifference, linkIds } from '../serialize/entity/links.js';
import type { StoredChange } from '../store/audit-store.js';
import type { ConflictLog } from './conflict-log.js';
import { linkUndoOf } from './draft-comparison.js';
import { heldOf } from './held-value.js';
import { LinkUndo, type RestoreTarget, rowOf } from './restore-target.js';

/** The targets that undo the changes of a revision. Those that cannot be undone are noted. */
export function revisionTargets(
  changes: readonly StoredChange[],
  instance: AuditedInstance,
  log: ConflictLog,
): readonly RestoreTarget[] {
  return changes.filter(isUndoable).flatMap((change) => {
    const target = targetOf(change, instance);
    if (!target) {
      log.block({ policy: change, entityId: change.entityId }, null, {
        acceptable: true,
        kind: 'entity-gone',
        message: `${change.entityType} ${change.entityId} is of a class that is not audited any more; accepted, it is left out.`,
      });
      return [];
    }
    const { primaryKeys } = target.policy.meta;
    if (change.operation === 'update' && primaryKeys.some((name) => change.after && name in change.after)) {
      log.block(target, null, {
        acceptable: false,
        kind: 'key-changed',
        message: `The revision gave ${target.policy.entityType} ${target.entityId} another key, which is not undone.`,
      });
      return [];
    }
    return [target];
  });
}

/** Gives others back what a revision took from them when it deleted these: links, and references `withReferences`. */
export function attachingTargets(
  deleted: readonly RestoreTarget[],
  changes: readonly StoredChange[],
  instance: AuditedInstance,
  withReferences: boolean,
): readonly RestoreTarget[] {
  const rows = new RowMap(deleted.map((one) => [rowOf(one.policy, one.entityId), one]));
  return changes.flatMap((change) => {
    const target = isUndoable(change) && change.operation === 'update' ? targetOf(change, instance) : null;
    const isBack = (prop: EntityProperty | undefined, id: string) => {
      const place = prop?.targetMeta && target && instance.policies.placeNear(target.policy, prop.targetMeta);
      const byKey = place && rows.get(rowOf(place, id));
      return prop?.targetKey === undefined
        ? byKey !== undefined
        : deleted.some(
            (one) =>
              one.policy.table === place?.table && heldOf(prop, one, (path) => one.values.get(path)) === id,
          );
    };
    const values = new Map<string, JsonValue | LinkUndo>();
    for (const [path, value] of target?.values ?? []) {
      const prop = target?.codec.ofPath(path)?.property.prop;
      const links = target?.policy.collections.get(path);
      const lost = links ? lostLinks(target?.undone, path).filter((id) => isBack(links.prop, id)) : [];
      if (lost.length > 0) {
        const before = target?.undone?.before?.[path];
        values.set(path, new LinkUndo(lost, [], isLinkDifference(before) ? [] : linkIds(before)));
      } else if (
        withReferences &&
        !(value instanceof LinkUndo) &&
        target?.undone?.after?.[path] === null &&
        isBack(prop, keyText([value]))
      ) {
        values.set(path, value);
      }
    }
    return target && values.size > 0 ? [{ ...target, values }] : [];
  });
}

function lostLinks(undone: StoredChange | null | undefined, path: string): readonly string[] {
  const [before, after] = [undone?.before?.[path], undone?.after?.[path]].map(
    (value) => linkIds(value) ?? [],
  );
  return (before ?? []).filter((id) => !after?.includes(id));
}

type UndoableChange = StoredChange & { readonly operation: RestoreOperation };

/** A baseline has changed nothing. */
function isUndoable(change: StoredChange): change is UndoableChange {
  return change.operation !== 'baseline';
}

/** Null when the class is not audited any more. */
function targetOf(change: UndoableChange, instance: AuditedInstance): RestoreTarget | null {
  const policy = instance.policies.ofType(change.entityType);
  if (!policy) {
    return null;
  }
  const codec = instance.codecs.ofPolicy(policy);
  const before = change.before && presentValues(change.before, policy);
  const after = change.after && presentValues(change.after, policy);
  const undone = { ...change, before, after };
  const values = new Map<string, JsonValue | LinkUndo>(
    Object.entries(before ?? {}).map(([path, value]) => [path, value]),
  );
  if (change.operation === 'update') {
    for (const path of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
      values.set(path, linkUndoOf(undone, path));
    }
  }
  const goal = { create: 'absent', update: 'partial', delete: 'present' } as const;
  return {
    policy,
    codec,
    entityId: change.entityId,
    goal: goal[change.operation],
    values,
    undone,
    restoredChanges: new Map(),
    gaps: [],
  };
}
