import type { EntityMetadata, MetadataStorage } from '@mikro-orm/core';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import { entityTypeParts } from '../model/entity-type.js';
import { declarationOf } from './decorator-metadata.js';
import type { EntityPolicy } from './entity-policy.js';
import { FormerPaths } from './former-paths.js';
import {
  assertFormer,
  assertLabel,
  assertMasks,
  assertNamed,
  assertProperty,
  assertToOne,
} from './policy-checks.js';
import type { AuditPolicy, PolicyDeclaration } from './policy-declaration.js';
import { type DeclarationLookup, embeddableDeclarations } from './property-lineage.js';
import { auditedCollections, auditedProperties, type PropertyRules } from './property-policy.js';

/**
 * The policies of one MikroORM instance: what is declared, merged with its metadata, once, at boot.
 * @throws AuditConfigurationError for a property that does not exist, or an option that cannot work
 */
export function declaredPolicies(
  metadata: MetadataStorage,
  policies: readonly AuditPolicy[],
  rules: PropertyRules,
): readonly EntityPolicy[] {
  const declared = new Map<object, PolicyDeclaration>(
    policies.map((policy) => [policy.entity, policy.declaration]),
  );
  const audited = new Map<EntityMetadata, PolicyDeclaration>();
  for (const meta of metadata.getAll().values()) {
    const declaration = declarationOf(meta.class, declared);
    if (declaration?.audited && !declaration.ignored && isStored(meta)) {
      audited.set(meta, declaration);
    } else if (declaration?.audited && !declaration.ignored && !meta.embeddable) {
      throw new AuditConfigurationError(
        `${meta.className} is audited, but it is a ${meta.view ? 'view' : 'virtual entity'}: nothing is ever written to it.`,
        'Audit the entities that it is made of, and take its @Audited() or auditPolicy() away.',
      );
    } else if (declaration?.reads && isStored(meta)) {
      throw new AuditConfigurationError(
        `Reading ${meta.className} is to be recorded, but the class is not audited.`,
        'Add @Audited() to it, or take @AuditRead() away.',
      );
    }
  }
  // By class: a relation's target metadata need not be the object that the storage holds.
  const classes = new Set<object>([...audited.keys()].map((meta) => meta.class));
  const lookup: DeclarationLookup = (type) => declarationOf(type, declared);
  return [...audited].map(([meta, declaration]) => policyOf(meta, declaration, rules, classes, lookup));
}

function policyOf(
  meta: EntityMetadata,
  declaration: PolicyDeclaration,
  rules: PropertyRules,
  audited: ReadonlySet<object>,
  lookup: DeclarationLookup,
): EntityPolicy {
  const where = meta.className;
  const { partOf = null, label = null, formerly = {}, name = where } = declaration.audited ?? {};
  assertNames(where, [name, ...(formerly.names ?? [])]);
  for (const name of [...declaration.ignore, ...declaration.mask.keys()]) {
    assertProperty(meta, name);
  }
  assertMembers(meta, lookup);
  if (partOf !== null) {
    assertToOne(meta, partOf);
  }
  assertNamed(meta, [
    ...Object.keys(formerly.properties ?? {}),
    ...(typeof label === 'string' ? [label] : []),
  ]);
  const formerPaths = new FormerPaths(formerly.properties);
  assertFormer(meta, formerPaths);
  const properties = auditedProperties(meta, declaration, rules, lookup);
  assertLabel(meta, label, properties);
  const collections = auditedCollections(meta, declaration, rules, lookup, audited);
  assertMasks(meta, declaration.mask, collections);
  return Object.freeze({
    name,
    entityType: name,
    schema: undefined,
    table: meta.root.class,
    meta,
    properties,
    collections,
    recordsReads: declaration.reads === true,
    exact: declaration.audited?.exact === true,
    requireActor: declaration.audited?.requireActor ?? null,
    requireReason: declaration.audited?.requireReason === true,
    unrecordedWrites: declaration.audited?.unrecordedWrites ?? null,
    partOf,
    label,
    formerTypes: formerly.names ?? [],
    formerPaths,
  });
}

/** Behind the separator stands the schema of the rows. */
function assertNames(where: string, names: readonly string[]): void {
  const wrong = names.find((name) => name === '' || entityTypeParts(name).schema !== null);
  if (wrong !== undefined) {
    throw new AuditConfigurationError(
      `${where} is audited under ${wrong === '' ? 'an empty name' : `the name "${wrong}", which has an @`}.`,
      'Give @Audited({ name }) a name without @, behind which the trail puts the schema of a tenant.',
    );
  }
}

function isStored(meta: EntityMetadata): boolean {
  return !meta.embeddable && !meta.virtual && !meta.view;
}

function assertMembers(meta: EntityMetadata, lookup: DeclarationLookup): void {
  for (const prop of meta.props) {
    for (const { ignore, mask } of embeddableDeclarations(prop, lookup)) {
      const unknown = [...ignore, ...mask.keys()].find((name) => !Object.hasOwn(prop.embeddedProps, name));
      if (unknown !== undefined) {
        throw new AuditConfigurationError(
          `The audit policy of the embeddable ${prop.type} (${meta.className}.${prop.name}) names the property "${unknown}", which it does not have.`,
          `Use one of: ${Object.keys(prop.embeddedProps).join(', ')}.`,
        );
      }
    }
  }
}
