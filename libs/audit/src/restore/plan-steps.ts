import type { JsonValue } from '../model/json.js';
import type { RestoreStep, RestoreValue } from '../model/restore-plan.js';
import { keyText } from '../serialize/entity/key-text.js';
import { maskValue } from '../serialize/json/mask.js';
import type { StoredChange } from '../store/audit-store.js';
import type { RestoreDraft } from './restore-draft.js';

/** A draft as people look at it: masked, relations with their labels. */
export function stepOf(draft: RestoreDraft): RestoreStep {
  const { target, trail, operation } = draft;
  const label = trail.label ?? labelIn([...target.restoredChanges.values(), target.undone]);
  return {
    entityType: target.policy.entityType,
    entityId: target.entityId,
    label,
    operation,
    values: operation === 'none' ? [] : [...values(draft)],
  };
}

function* values(draft: RestoreDraft): Generator<RestoreValue> {
  const { live, operation } = draft;
  if (operation === 'delete') {
    for (const [path, value] of live?.values ?? []) {
      yield shownValue(draft, path, { before: shown(draft, path, value) });
    }
    for (const [path, ids] of live?.links ?? []) {
      yield shownValue(draft, path, { before: shownLinks(draft, path, ids) });
    }
    return;
  }
  for (const [path, after] of draft.writes) {
    const before = live ? { before: shown(draft, path, live.values.get(path) ?? null) } : {};
    const isGiven = draft.taken.has(path);
    const value = shownValue(draft, path, { ...before, after: isGiven ? shown(draft, path, after) : after });
    yield isGiven ? { ...value, given: true } : value;
  }
  for (const path of [...draft.taken].filter((one) => !draft.writes.has(one))) {
    yield { ...shownValue(draft, path, {}), given: true };
  }
  for (const [path, ids] of draft.links) {
    const before = live ? { before: [...(live.links.get(path) ?? [])] } : {};
    yield shownValue(draft, path, { ...before, after: [...ids] });
  }
}

function shown({ target }: RestoreDraft, path: string, value: JsonValue): JsonValue {
  return target.codec.ofPath(path)?.mask(value) ?? value;
}

function shownLinks({ target }: RestoreDraft, path: string, ids: readonly string[]): JsonValue {
  const isMasked = target.policy.collections.get(path)?.isMasked === true;
  return isMasked && ids.length > 0 ? maskValue('redact', [...ids], undefined) : [...ids];
}

function shownValue(
  draft: RestoreDraft,
  path: string,
  sides: Pick<RestoreValue, 'before' | 'after'>,
): RestoreValue {
  return { path, ...sides, labels: labelsOf(draft, path, [sides.before, sides.after]) };
}

function labelsOf(
  { target, trail }: RestoreDraft,
  path: string,
  sides: readonly (JsonValue | undefined)[],
): Readonly<Record<string, string>> {
  const isLinks = target.policy.collections.has(path);
  const ids = sides.flatMap((side) => {
    if (side === undefined || side === null) {
      return [];
    }
    return isLinks && Array.isArray(side) ? side.map(String) : [keyText([side])];
  });
  const changes = [trail.changedBy.get(path), target.restoredChanges.get(path), target.undone];
  const labels: Record<string, string> = {};
  for (const change of changes) {
    const known = change?.labels?.targets[path] ?? {};
    for (const id of ids) {
      const label = known[id];
      if (label !== undefined && labels[id] === undefined) {
        labels[id] = label;
      }
    }
  }
  return labels;
}

function labelIn(changes: readonly (StoredChange | null)[]): string | null {
  return changes.find((change) => change?.labels?.own)?.labels?.own ?? null;
}
