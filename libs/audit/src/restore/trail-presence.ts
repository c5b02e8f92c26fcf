import type { JsonValue } from '../model/json.js';
import { RowMap } from '../model/row-map.js';
import { answerOf } from '../query/state/life.js';
import type { AuditedInstance } from '../query/terms/audit-catalog.js';
import { presentValues, storedTypes } from '../query/terms/change-decoder.js';
import type { LifeChange } from '../store/audit-store.js';
import { type RestoreTarget, rowOf } from './restore-target.js';

/** The present of one entity by the trail. */
export interface TrailPresence {
  /** Undefined when nothing is recorded. */
  readonly newest: LifeChange | undefined;
  /** The newest change of each path in the present life, or the last one. */
  readonly changedBy: ReadonlyMap<string, LifeChange>;
  /** As far as it is known; empty when the entity does not exist. */
  readonly values: ReadonlyMap<string, JsonValue>;
  /** The newest label of its own; null when it has none. */
  readonly label: string | null;
}

/** With one query. */
export async function presences(
  instance: AuditedInstance,
  targets: readonly RestoreTarget[],
): Promise<RowMap<TrailPresence>> {
  const keys = targets.map(({ policy, entityId }) => ({
    types: storedTypes(instance.policies.sharing(policy)),
    id: entityId,
  }));
  const lives = await instance.store.search.lives(keys, null, null);
  return new RowMap(
    targets.map((target, at) => [rowOf(target.policy, target.entityId), presenceOf(target, lives[at] ?? [])]),
  );
}

function presenceOf({ policy, codec, entityId }: RestoreTarget, life: readonly LifeChange[]): TrailPresence {
  const changes = life.map((change) => ({
    ...change,
    before: change.before && presentValues(change.before, policy),
    after: change.after && presentValues(change.after, policy),
  }));
  const changedBy = new Map<string, LifeChange>();
  for (const change of changes.filter(({ operation }) => operation !== 'baseline')) {
    for (const path of [...Object.keys(change.before ?? {}), ...Object.keys(change.after ?? {})]) {
      changedBy.set(path, change);
    }
  }
  const answer = answerOf(changes, { entityId, codec, moment: null, existed: false });
  return {
    newest: changes.at(-1),
    changedBy,
    values: answer.kind === 'state' ? answer.state.values : new Map(),
    label: changes.findLast(({ labels }) => labels?.own)?.labels?.own ?? null,
  };
}
