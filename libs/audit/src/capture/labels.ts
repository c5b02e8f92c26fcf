import { type EntityMetadata, type EntityProperty, helper, Reference } from '@mikro-orm/core';
import type { ChangeLabels } from '../model/change-labels.js';
import type { AuditedProperty, EntityPolicy } from '../policy/entity-policy.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { keyText } from '../serialize/entity/key-text.js';
import { displayText } from '../serialize/text/safe-text.js';
import type { EntityValues } from './flush-subject.js';
import { keyValues } from './link-changes.js';
import type { PolicyLookup } from './root-of.js';

const MAX_LENGTH = 200;

/**
 * What people call an entity and the targets of its to-one relations, as far as they are loaded: labels cause no query.
 * @param references those whose targets may have labels
 * @param original values before, in database form; empty when it is new
 * @param payload what is changed; left out when all of it is
 * @returns null when nothing has a label
 */
export function labelsOf(
  entity: object,
  policy: EntityPolicy,
  references: readonly AuditedProperty[],
  original: EntityValues,
  policyOf: PolicyLookup,
  payload?: EntityValues,
): ChangeLabels | null {
  if (policy.label === null && references.length === 0) {
    return null;
  }
  const targets: Record<string, Record<string, string>> = {};
  for (const { prop, path } of references) {
    const target = !payload || prop.name in payload ? prop.targetMeta : undefined;
    if (target) {
      const labels = targetLabels(entity, prop, target, original[prop.name], policyOf);
      if (Object.keys(labels).length > 0) {
        targets[path] = labels;
      }
    }
  }
  const own = labelOf(entity, policy);
  return own === null && Object.keys(targets).length === 0 ? null : { own, targets };
}

function targetLabels(
  entity: object,
  prop: EntityProperty,
  target: EntityMetadata,
  keyBefore: unknown,
  policyOf: PolicyLookup,
): Record<string, string> {
  const present: unknown = (entity as Readonly<Record<string, unknown>>)[prop.name];
  const labels: Record<string, string> = {};
  for (const candidate of [knownEntity(entity, target, keyBefore), present]) {
    const found =
      typeof candidate === 'object' && candidate ? Reference.unwrapReference(candidate) : undefined;
    const policy = found && '__helper' in found ? policyOf(helper(found).__meta) : undefined;
    const label = found && policy && labelOf(found, policy);
    if (label) {
      labels[keyText(keyValues(found).map(String))] = label;
    }
  }
  return labels;
}

/** The entity of a key, if the EntityManager has it. */
function knownEntity(entity: object, target: EntityMetadata, key: unknown): object | undefined {
  const em = helper(entity).__em;
  return key === null || key === undefined || !em
    ? undefined
    : em.getUnitOfWork().getById<object>(target.class, key as never);
}

/** Null when the policy names none, or what it needs is not loaded. A function that throws gives none. */
export function labelOf(entity: object, policy: EntityPolicy): string | null {
  const { label } = policy;
  if (label === null || !helper(entity).hasPrimaryKey()) {
    return null;
  }
  if (typeof label !== 'string' && !helper(entity).isInitialized()) {
    return null;
  }
  const text = typeof label === 'string' ? valueAt(entity, label) : labelBy(label, entity, policy);
  return typeof text === 'string' || typeof text === 'number' || typeof text === 'bigint'
    ? displayText(String(text), MAX_LENGTH)
    : null;
}

function labelBy(
  label: Exclude<EntityPolicy['label'], string | null>,
  entity: object,
  { properties }: EntityPolicy,
): string | null {
  const known: Record<string, unknown> = {};
  for (const { path, mask } of properties.values()) {
    const value = mask === null ? valueAt(entity, path) : undefined;
    if (value !== undefined) {
      known[path] = value;
    }
  }
  try {
    return label(known);
  } catch {
    // A label is for people; the change is recorded without it.
    return null;
  }
}

/** The value at a path, a relation as the key of its target; undefined when it is not loaded. */
function valueAt(entity: object, path: string): unknown {
  let value: unknown = entity;
  for (const name of path.split('.')) {
    value =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }
  const target = typeof value === 'object' && value !== null ? Reference.unwrapReference(value) : undefined;
  if (target && '__helper' in target) {
    const key = keyValues(target);
    return key.length === 1 ? key[0] : key;
  }
  return value;
}

/** Those of the references whose targets may have labels. */
export function labelledReferences(
  { references }: EntityCodec,
  policyOf: PolicyLookup,
): readonly AuditedProperty[] {
  return references.filter(({ prop }) => prop.targetMeta && hasLabels(prop.targetMeta, policyOf));
}

/** Asked first, so that entities without labels cost nothing. */
export function hasLabels(target: EntityMetadata, policyOf: PolicyLookup): boolean {
  return [target, target.root].some((meta) => (policyOf(meta)?.label ?? null) !== null);
}
