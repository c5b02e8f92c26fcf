import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import type { MaskKind } from '../model/mask-kind.js';
import type { AuditedCollection, AuditedProperty } from './entity-policy.js';
import type { PolicyDeclaration } from './policy-declaration.js';

/** What holds for properties of every entity. */
export interface PropertyRules {
  /** Decides by name alone that a property holds a secret. */
  readonly isSecret: (name: string) => boolean;
}

/** The properties of an entity that have a column of their own and are not ignored, by MikroORM's name. */
export function auditedProperties(
  meta: EntityMetadata,
  declaration: PolicyDeclaration,
  rules: PropertyRules,
): ReadonlyMap<string, AuditedProperty> {
  const found = new Map<string, AuditedProperty>();
  for (const prop of meta.props) {
    const lineage = lineageOf(meta, prop);
    if (hasColumn(prop, lineage) && !lineage.some((link) => declaration.ignore.has(link.name))) {
      found.set(prop.name, {
        name: prop.name,
        path: pathOf(lineage),
        prop,
        mask: maskOf(prop, lineage, declaration, rules),
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
  auditedClasses: ReadonlySet<object>,
): ReadonlyMap<string, AuditedCollection> {
  const found = new Map<string, AuditedCollection>();
  for (const prop of meta.relations) {
    const recordedHere =
      prop.kind === ReferenceKind.MANY_TO_MANY &&
      prop.persist !== false &&
      (prop.owner || (prop.targetMeta !== undefined && !auditedClasses.has(prop.targetMeta.class)));
    if (recordedHere && !declaration.ignore.has(prop.name)) {
      found.set(prop.name, { name: prop.name, prop, ordered: prop.fixedOrder === true });
    }
  }
  return found;
}

/** An embedded property with its embeddables, outermost first; any other property alone. */
function lineageOf(meta: EntityMetadata, prop: EntityProperty): EntityProperty[] {
  const lineage = [prop];
  for (let inner = prop; inner.embedded; ) {
    const outer = (meta.properties as Record<string, EntityProperty>)[inner.embedded[0]];
    if (!outer) {
      break;
    }
    lineage.unshift(outer);
    inner = outer;
  }
  return lineage;
}

function pathOf(lineage: readonly EntityProperty[]): string {
  return lineage.map((link) => link.embedded?.[1] ?? link.name).join('.');
}

function hasColumn(prop: EntityProperty, lineage: readonly EntityProperty[]): boolean {
  const insideObject = lineage.slice(0, -1).some((outer) => outer.object || outer.array);
  if (insideObject || prop.persist === false || prop.formula !== undefined) {
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

function maskOf(
  prop: EntityProperty,
  lineage: readonly EntityProperty[],
  declaration: PolicyDeclaration,
  rules: PropertyRules,
): MaskKind | null {
  const declared = [...lineage]
    .reverse()
    .map((link) => declaration.mask.get(link.name))
    .find((kind) => kind !== undefined);
  if (declared !== undefined) {
    return declared === 'none' ? null : declared;
  }
  if (prop.primary) {
    return null;
  }
  if (declaration.maskAll) {
    return declaration.maskAll;
  }
  const secret = lineage.some(
    (link) => link.hidden === true || rules.isSecret(link.embedded?.[1] ?? link.name),
  );
  return secret ? 'redact' : null;
}
