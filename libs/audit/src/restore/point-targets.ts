import { InvalidQueryError } from '../errors/query-errors.js';
import type { JsonValue } from '../model/json.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { PastState } from '../query/state/past-state.js';
import type { PastStates } from '../query/state/past-states.js';
import type { AuditedInstance } from '../query/terms/audit-catalog.js';
import { knownPath } from '../query/terms/property-path.js';
import { encodeLinks } from '../serialize/entity/links.js';
import type { StoredChange } from '../store/audit-store.js';
import type { RestoreTarget } from './restore-target.js';

/** Makes targets of what entities were like at one moment. */
export class PointTargets {
  constructor(
    private readonly instance: AuditedInstance,
    readonly past: PastStates,
  ) {}

  /**
   * @param state null when it did not exist
   * @param policy of the entity when there is no state
   * @param paths the only ones that are meant; null for all
   */
  target(
    state: PastState | null,
    policy: EntityPolicy,
    entityId: string,
    paths: readonly string[] | null,
  ): RestoreTarget {
    const codec = state?.codec ?? this.instance.codecs.ofPolicy(policy);
    const values = state ? selected(wholeState(state, entityId), paths) : new Map<string, JsonValue>();
    const changes = [...values.keys()].flatMap((path): [string, StoredChange][] => {
      const change = state?.changeOf(path);
      return change ? [[path, change]] : [];
    });
    return {
      policy: state?.policy ?? policy,
      codec,
      entityId,
      goal: state ? (paths ? 'partial' : 'present') : 'absent',
      values,
      undone: null,
      restoredChanges: new Map(changes),
      gaps: state?.openGaps ?? [],
    };
  }
}

/** The paths of properties, relations and members of embeddables that somebody names. */
export function selectedPaths(
  properties: readonly string[],
  family: readonly EntityPolicy[],
  instance: AuditedInstance,
): readonly string[] {
  return properties.map((path) => {
    const known = knownPath(path, family, (policy) => instance.codecs.ofPolicy(policy));
    if (known.inside.length > 0) {
      throw new InvalidQueryError(
        'properties',
        `name "${path}", which is inside a JSON value`,
        'Name the property that holds it: it is restored as a whole.',
      );
    }
    return path;
  });
}

/** With empty lists for the relations that had no links then, and without the key if it was another one. */
function wholeState(state: PastState, entityId: string): ReadonlyMap<string, JsonValue> {
  const values = new Map(state.values);
  for (const key of state.entityId === entityId ? [] : state.policy.meta.primaryKeys) {
    values.delete(key);
  }
  for (const relation of state.policy.collections.keys()) {
    if (!values.has(relation) && !state.unknown.includes(relation)) {
      values.set(relation, encodeLinks([]));
    }
  }
  return values;
}

function selected(
  values: ReadonlyMap<string, JsonValue>,
  paths: readonly string[] | null,
): ReadonlyMap<string, JsonValue> {
  return paths === null
    ? values
    : new Map(
        [...values].filter(([path]) => paths.some((one) => path === one || path.startsWith(`${one}.`))),
      );
}
