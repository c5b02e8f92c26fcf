import type { Change, ChangeValues, FieldChange, FieldPath } from '../../model/change.js';
import type { ChangeLabels } from '../../model/change-labels.js';
import type { JsonObject } from '../../model/json.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { decodeUndeclared } from '../../serialize/entity/entity-codec.js';
import { objectFromPairs } from '../../serialize/json/json-shape.js';
import type { StoredChange } from '../../store/audit-store.js';
import type { AuditedInstance } from './audit-catalog.js';
import { inDeclaredOrder } from './declared-order.js';

/** Every name under which changes of some policies may be stored. */
export function storedTypes(policies: readonly EntityPolicy[]): readonly string[] {
  return policies.flatMap(({ entityType, formerTypes }) => [entityType, ...formerTypes]);
}

/** Stored values under the paths that they have today. */
export function presentValues(values: JsonObject, policy: EntityPolicy | undefined): JsonObject {
  if (!policy || policy.formerPaths.isEmpty) {
    return values;
  }
  return objectFromPairs(
    Object.entries(values).map(([path, value]) => [policy.formerPaths.present(path), value]),
  );
}

/** Labels under the paths that they have today. */
export function presentLabels(
  labels: ChangeLabels | null,
  policy: EntityPolicy | undefined,
): ChangeLabels | null {
  return labels && policy && !policy.formerPaths.isEmpty
    ? {
        ...labels,
        targets: objectFromPairs(
          Object.entries(labels.targets).map(([path, ofPath]) => [policy.formerPaths.present(path), ofPath]),
        ),
      }
    : labels;
}

/** A stored change as the application reads it: decoded, under the names of today. */
export function decodeChange<Entity>(
  instance: AuditedInstance,
  change: StoredChange,
): Omit<Change<Entity>, 'revision'> {
  const { revisionId: _belongsToRevision, ...rest } = change;
  const policy = instance.policies.ofType(change.entityType);
  const before = change.before && decodeValues(instance, policy, change.before);
  const after = change.after && decodeValues(instance, policy, change.after);
  const labels = presentLabels(change.labels, policy);
  return {
    ...rest,
    entityType: policy?.entityType ?? change.entityType,
    partOfType: presentType(instance, change.partOfType),
    labels,
    before,
    after,
    fields: fieldsOf<Entity>(policy, before, after, labels),
  };
}

/** The name of today; one that no class has any more stays as it is. */
function presentType<Type extends string | null>(instance: AuditedInstance, type: Type): Type | string {
  return type === null ? type : (instance.policies.ofType(type)?.entityType ?? type);
}

/** Numbers of changes under the names of today. */
export function presentCounts(
  instance: AuditedInstance,
  stored: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const present: Record<string, number> = {};
  for (const [type, count] of Object.entries(stored)) {
    const name = presentType(instance, type);
    present[name] = (present[name] ?? 0) + count;
  }
  return present;
}

function decodeValues(
  instance: AuditedInstance,
  policy: EntityPolicy | undefined,
  stored: JsonObject,
): ChangeValues {
  const codec = policy && instance.codecs.ofPolicy(policy);
  return codec
    ? codec.decode(presentValues(stored, policy))
    : objectFromPairs(
        Object.entries(stored).map(([path, value]) => [path, decodeUndeclared(value)] as const),
      );
}

function fieldsOf<Entity>(
  policy: EntityPolicy | undefined,
  before: ChangeValues | null,
  after: ChangeValues | null,
  labels: ChangeLabels | null,
): readonly FieldChange<Entity>[] {
  const paths = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const ordered = inDeclaredOrder(
    policy,
    [...paths].map((path) => [path, null] as const),
  );
  return ordered.map(([path]) => ({
    path: path as FieldPath<Entity>,
    before: before?.[path],
    after: after?.[path],
    ...(labels?.targets[path] && { labels: labels.targets[path] }),
  }));
}
