import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import type { AuditedProperty, EntityPolicy } from './entity-policy.js';
import type { FormerPaths } from './former-paths.js';
import { propertiesOf } from './metadata-properties.js';
import type { PolicyDeclaration } from './policy-declaration.js';

/** @throws AuditConfigurationError for a property that does not exist */
export function assertNamed(meta: EntityMetadata, names: readonly string[]): void {
  const unknown = names.find((name) => !Object.hasOwn(meta.properties, name));
  if (unknown !== undefined) {
    throw new AuditConfigurationError(
      `The audit policy of ${meta.className} names the property "${unknown}", which it does not have.`,
      `Use one of: ${propertyNames(meta).join(', ')}.`,
    );
  }
}

/** @throws AuditConfigurationError for a label that would show what the policy hides, or that has no column */
export function assertLabel(
  meta: EntityMetadata,
  label: EntityPolicy['label'],
  properties: ReadonlyMap<string, AuditedProperty>,
): void {
  const property = typeof label === 'string' ? properties.get(label) : undefined;
  if (typeof label === 'string' && (!property || property.mask !== null)) {
    throw new AuditConfigurationError(
      `The audit policy of ${meta.className} takes its label from "${label}", which is ${property ? 'masked' : 'not audited'}.`,
      'Name a property that the trail holds in clear, or give a function of such properties.',
    );
  }
}

/** @throws AuditConfigurationError for a mask of a relation that would hide nothing, or not as it says */
export function assertMasks(
  meta: EntityMetadata,
  masks: PolicyDeclaration['mask'],
  collections: EntityPolicy['collections'],
): void {
  for (const [name, kind] of masks) {
    const prop = propertiesOf(meta)[name];
    if (!prop || kind === false) {
      continue;
    }
    if (isRecordedElsewhere(prop) && !collections.has(name)) {
      const [other, end] = [prop.targetMeta?.className ?? prop.type, prop.mappedBy];
      throw new AuditConfigurationError(
        `The audit policy of ${meta.className} masks "${name}", which is recorded with ${other}.`,
        `Mask "${end}" of ${other} instead.`,
      );
    }
    if (collections.has(name) && kind !== 'redact') {
      throw new AuditConfigurationError(
        `The audit policy of ${meta.className} masks the links of "${name}" by "${kind}", which is for single values.`,
        'Use "redact".',
      );
    }
  }
}

/** Whether the foreign keys of a relation are those of its other end. */
function isRecordedElsewhere({ kind, owner }: EntityProperty): boolean {
  const isOtherEnd = kind === ReferenceKind.ONE_TO_ONE || kind === ReferenceKind.MANY_TO_MANY;
  return kind === ReferenceKind.ONE_TO_MANY || (isOtherEnd && !owner);
}

/** @throws AuditConfigurationError for a former name that is still the name of a property */
export function assertFormer(meta: EntityMetadata, paths: FormerPaths): void {
  for (const [former, present] of paths.entries()) {
    if (Object.hasOwn(meta.properties, former)) {
      throw new AuditConfigurationError(
        `The audit policy of ${meta.className} says that "${present}" was formerly "${former}", but "${former}" is a property, too.`,
        'Give formerly.properties only names that no property has any more.',
      );
    }
  }
}

/** @throws AuditConfigurationError for a property that does not exist, or is the key */
export function assertProperty(meta: EntityMetadata, name: string): void {
  assertNamed(meta, [name]);
  if (meta.primaryKeys.includes(name)) {
    throw new AuditConfigurationError(
      `The audit policy of ${meta.className} ignores or masks its primary key "${name}".`,
      'Leave the key alone: without it no change could be told from another.',
    );
  }
}

/** Without the inverse sides of many-to-many relations that MikroORM makes up. */
function propertyNames(meta: EntityMetadata): readonly string[] {
  return meta.props
    .filter(({ kind, hydrate }) => kind !== ReferenceKind.MANY_TO_MANY || hydrate !== false)
    .map(({ name }) => name);
}

/** @throws AuditConfigurationError when `partOf` names no to-one relation, or one that does not hold the key of its target */
export function assertToOne(meta: EntityMetadata, name: string): void {
  const prop = propertiesOf(meta)[name];
  const toOne = prop?.kind === ReferenceKind.MANY_TO_ONE || prop?.kind === ReferenceKind.ONE_TO_ONE;
  if (!toOne || prop?.polymorphic) {
    throw new AuditConfigurationError(
      `@Audited({ partOf: '${name}' }) of ${meta.className} does not name a to-one relation.`,
      `Name a many-to-one or one-to-one property of ${meta.className}.`,
    );
  }
  if (prop.targetKey !== undefined) {
    throw new AuditConfigurationError(
      `@Audited({ partOf: '${name}' }) of ${meta.className} names a relation by "${prop.targetKey}", which is not the key of ${prop.type}.`,
      'The trail names the whole by its key: name a relation that holds it.',
    );
  }
}
