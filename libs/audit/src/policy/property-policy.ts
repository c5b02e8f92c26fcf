import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import type { AuditedCollection, AuditedProperty } from './entity-policy.js';
import { propertiesOf } from './metadata-properties.js';
import type { MaskKind, PolicyDeclaration } from './policy-declaration.js';
import { type DeclarationLookup, PropertyLineage } from './property-lineage.js';

/** The rules for properties of every entity. */
export interface PropertyRules {
  /** Decides by name alone that a property holds a secret. */
  readonly isSecret: (name: string) => boolean;
}

/** The properties of an entity that have a column of their own and are not ignored, by MikroORM's name. */
export function auditedProperties(
  meta: EntityMetadata,
  declaration: PolicyDeclaration,
  { isSecret }: PropertyRules,
  declarationOf: DeclarationLookup,
): ReadonlyMap<string, AuditedProperty> {
  const found = new Map<string, AuditedProperty>();
  const lineageOf = (prop: EntityProperty) => new PropertyLineage(meta, prop, declaration, declarationOf);
  for (const prop of meta.props) {
    const lineage = lineageOf(prop);
    if (hasColumn(prop, lineage) && !lineage.isIgnored) {
      const members = new Map<string, MaskKind | 'ignore'>();
      for (const member of membersOf(prop)) {
        const inner = lineageOf(member);
        const rule = inner.isIgnored ? 'ignore' : inner.mask(isSecret);
        if (rule !== null) {
          members.set(member.name, rule);
        }
      }
      found.set(prop.name, {
        name: prop.name,
        path: lineage.path,
        prop,
        sharesColumn: sharesColumn(meta, prop),
        mask: lineage.mask(isSecret),
        members,
      });
    }
  }
  return found;
}

/**
 * The many-to-many relations recorded on this side: the owning side's, and the inverse side's when the owning
 * entity is not audited, so that each link is recorded exactly once.
 */
export function auditedCollections(
  meta: EntityMetadata,
  declaration: PolicyDeclaration,
  { isSecret }: PropertyRules,
  declarationOf: DeclarationLookup,
  auditedClasses: ReadonlySet<object>,
): ReadonlyMap<string, AuditedCollection> {
  const found = new Map<string, AuditedCollection>();
  for (const prop of meta.relations) {
    const recordedHere =
      prop.kind === ReferenceKind.MANY_TO_MANY &&
      prop.persist !== false &&
      (prop.owner || isRecordedForOwner(prop, auditedClasses));
    if (recordedHere && !declaration.ignore.has(prop.name)) {
      found.set(prop.name, {
        name: prop.name,
        prop,
        ordered: prop.fixedOrder === true,
        // Whatever the kind: of links there are no last characters, and a hash of a difference would compare nothing.
        isMasked: new PropertyLineage(meta, prop, declaration, declarationOf).mask(isSecret) !== null,
      });
    }
  }
  return found;
}

/** On the inverse side, because the owner is not audited. Links to several classes are of none of them alone. */
function isRecordedForOwner(
  { targetMeta, mappedBy }: EntityProperty,
  auditedClasses: ReadonlySet<object>,
): boolean {
  const owning = targetMeta && propertiesOf(targetMeta)[mappedBy];
  const hasSeveralClasses = (owning?.polymorphTargets ?? []).length > 1;
  return targetMeta !== undefined && !auditedClasses.has(targetMeta.class) && !hasSeveralClasses;
}

/** All members of an embedded property, at any depth; none of any other property. */
export function membersOf(
  prop: EntityProperty,
  found = new Set<EntityProperty>(),
): ReadonlySet<EntityProperty> {
  if (prop.kind === ReferenceKind.EMBEDDED) {
    for (const member of Object.values(prop.embeddedProps)) {
      if (!found.has(member)) {
        found.add(member);
        membersOf(member, found);
      }
    }
  }
  return found;
}

/** The class at the root of a single table has the properties of all classes. */
function sharesColumn(meta: EntityMetadata, { fieldNames = [] }: EntityProperty): boolean {
  const own = propertiesOf(meta);
  return meta.root.props.some(
    (other) => !own[other.name] && other.fieldNames?.some((column) => fieldNames.includes(column)),
  );
}

function hasColumn(prop: EntityProperty, lineage: PropertyLineage): boolean {
  if (lineage.isInsideObject || prop.persist === false || prop.formula !== undefined) {
    return false;
  }
  switch (prop.kind) {
    case ReferenceKind.EMBEDDED:
      return prop.object === true || prop.array === true;
    case ReferenceKind.ONE_TO_ONE:
      return prop.owner;
    case ReferenceKind.ONE_TO_MANY:
    case ReferenceKind.MANY_TO_MANY:
      return false;
    default:
      return true;
  }
}
