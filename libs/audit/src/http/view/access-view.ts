import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import type { AuditedProperty, EntityPolicy } from '../../policy/entity-policy.js';
import { isPerSchema } from '../../policy/row-schema.js';
import { AUDIT_PERMISSIONS, type AuditPermission } from '../access/audit-access.js';
import type { ReaderAccess } from '../access/reader-access.js';

/** The permissions of the reader for everything, or for one entity. */
export type PermissionsView = Readonly<Record<AuditPermission, boolean>>;

/** A property that the trail holds. */
export interface PropertyView {
  readonly path: string;
  readonly kind: 'scalar' | 'embedded' | 'json' | 'to-one' | 'to-many';
  /** Its JavaScript type. */
  readonly type: string;
  /** The type that a relation leads to, by name in the trail; null when that is not audited, and for all other properties. */
  readonly targetType: string | null;
  /** Whether the trail itself does not hold its values. */
  readonly masked: boolean;
  /** Whether this reader does not see its values, or some of what is inside. */
  readonly hidden: boolean;
}

/** An entity that the reader may do something with. */
export interface EntityAccessView {
  readonly type: string;
  /** Whether each tenant has its own, in a schema: changes are of `type@schema`. */
  readonly perSchema: boolean;
  /** The entity it is part of; null when it is part of none. */
  readonly partOfType: string | null;
  readonly permissions: PermissionsView;
  readonly properties: readonly PropertyView[];
}

/** The permissions of the reader. */
export interface AccessView {
  readonly permissions: PermissionsView;
  readonly entities: readonly EntityAccessView[];
}

export function accessView(reader: ReaderAccess, policies: readonly EntityPolicy[]): AccessView {
  const byClass = new Map(policies.map((policy) => [policy.meta.class as object, policy]));
  const nameOf = (meta: EntityMetadata | undefined) => (meta && byClass.get(meta.class)?.name) ?? null;
  return {
    permissions: permissionsView((permission) => reader.may(permission)),
    entities: policies
      .filter(({ name }) => reader.permissionsOn(name).length > 0)
      .map((policy) => ({
        type: policy.name,
        perSchema: isPerSchema(policy.meta),
        partOfType: policy.partOf === null ? null : nameOf(targetOf(policy, policy.partOf)),
        permissions: permissionsView((permission) => reader.mayOn(permission, policy.name)),
        properties: propertyViews(reader, policy, nameOf),
      })),
  };
}

function propertyViews(
  reader: ReaderAccess,
  policy: EntityPolicy,
  nameOf: (meta: EntityMetadata | undefined) => string | null,
): readonly PropertyView[] {
  const hidden = reader.hiddenOf(policy.entityType);
  const own = [...policy.properties.values()].map((property) => ({
    path: property.path,
    kind: kindOf(property),
    type: property.prop.runtimeType,
    // By another value than the key it leads to nothing that the trail finds.
    targetType: property.prop.targetKey === undefined ? nameOf(property.prop.targetMeta) : null,
    masked: property.mask !== null,
    hidden: hidden.touches(property.path),
  }));
  const links = [...policy.collections.values()].map(({ name, prop, isMasked }) => ({
    path: name,
    kind: 'to-many' as const,
    type: prop.targetMeta?.className ?? prop.type,
    targetType: nameOf(prop.targetMeta),
    masked: isMasked,
    hidden: hidden.touches(name),
  }));
  return [...own, ...links];
}

function kindOf({ prop }: AuditedProperty): PropertyView['kind'] {
  switch (prop.kind) {
    case ReferenceKind.SCALAR:
      return isJson(prop) ? 'json' : 'scalar';
    case ReferenceKind.EMBEDDED:
      return 'embedded';
    default:
      return 'to-one';
  }
}

function isJson({ columnTypes }: EntityProperty): boolean {
  return columnTypes?.some((type) => type.startsWith('json')) ?? false;
}

function targetOf({ meta }: EntityPolicy, name: string): EntityMetadata | undefined {
  return meta.relations.find((prop) => prop.name === name)?.targetMeta;
}

function permissionsView(may: (permission: AuditPermission) => boolean): PermissionsView {
  return Object.fromEntries(
    AUDIT_PERMISSIONS.map((permission) => [permission, may(permission)]),
  ) as PermissionsView;
}
