import {
  type EntityMetadata,
  type EntityName,
  type EntityProperty,
  type MetadataStorage,
  QueryHelper,
  ReferenceKind,
} from '@mikro-orm/core';
import type { AuditedCollection, EntityPolicy } from '../../policy/entity-policy.js';
import { propertiesOf } from '../../policy/metadata-properties.js';
import { keyColumnsOf, metaOf } from './entity-facts.js';
import { columnText } from './row-key.js';

/** A table as MikroORM's metadata has it. */
export interface MappedTable {
  /** Undefined where the EntityManager, or the configuration, decides. */
  readonly schema: string | undefined;
  readonly name: string;
}

/** A link of a many-to-many relation, by the texts of the keys of both ends. */
export interface Link {
  readonly ownerId: string;
  readonly targetId: string;
}

/** The columns of a link table by which one many-to-many relation is found in it. */
export interface LinkTable {
  readonly ownerColumns: readonly string[];
  /** Where targets are of several classes, the class of the target first. */
  readonly targetColumns: readonly string[];
  /** Present when relations of several classes share the table: which rows belong to this one. */
  readonly filter: { readonly column: string; readonly value: string } | null;
}

/** A many-to-many relation, from the side that the trail records it on. */
export interface RecordedRelation {
  readonly policy: EntityPolicy;
  readonly collection: AuditedCollection;
  /** True when the recording side is the one that owns the link table. */
  readonly recordsOwner: boolean;
  /** The property of the side that owns the link table. */
  readonly owning: EntityProperty;
  readonly owningMeta: EntityMetadata;
  /** The property at the end from which the relation was looked up. */
  readonly prop: EntityProperty;
  /** The schema from which it was looked up. */
  readonly around: string;
  /**
   * Whether the database takes links away, or moves them along, with the rows they refer to. MikroORM makes no foreign
   * keys for polymorphic relations.
   */
  readonly hasForeignKeys: boolean;
}

/** The rows of a link table that has a class of its own (`pivotEntity`). */
export interface LinkRows {
  readonly meta: EntityMetadata;
  /** The property by which a row refers to the owner of the link. */
  readonly owner: EntityProperty;
  readonly target: EntityProperty;
}

/** Undefined where links have no class of their own. */
export function linkRowsOf(
  { pivotEntity, joinColumns, inverseJoinColumns }: EntityProperty,
  metadata: MetadataStorage,
): LinkRows | undefined {
  const meta = metadata.find<object>(pivotEntity as EntityName<object>) as EntityMetadata | undefined;
  const [owner, target] = [joinColumns, inverseJoinColumns].map((columns) =>
    meta?.relations.find(
      ({ kind, fieldNames }) =>
        kind === ReferenceKind.MANY_TO_ONE &&
        columns !== undefined &&
        columnText(fieldNames) === columnText(columns),
    ),
  );
  return meta && owner && target ? { meta, owner, target } : undefined;
}

/**
 * Undefined when neither side is audited, or the relation is ignored.
 * @param around the schema from which it is looked up
 * @param byDefault whether foreign keys are created where the relation does not say
 */
export function recordedRelation(
  prop: EntityProperty,
  declaringMeta: EntityMetadata,
  policyOf: (meta: EntityMetadata) => EntityPolicy | undefined,
  around: string,
  byDefault: boolean | undefined,
): RecordedRelation | undefined {
  const owning = owningSide(prop);
  const owningMeta = prop.owner ? declaringMeta : prop.targetMeta;
  if (prop.kind !== ReferenceKind.MANY_TO_MANY || !owning || !owningMeta) {
    return undefined;
  }
  const hasForeignKeys = (owning.createForeignKeyConstraint ?? byDefault) !== false;
  const common = { owning, owningMeta, prop, around, hasForeignKeys };
  const ownerPolicy = policyOf(owningMeta);
  const ownerCollection = ownerPolicy?.collections.get(owning.name);
  if (ownerPolicy && ownerCollection) {
    return { ...common, policy: ownerPolicy, collection: ownerCollection, recordsOwner: true };
  }
  const inversePolicy = owning.targetMeta && policyOf(owning.targetMeta);
  const inverseCollection =
    owning.inversedBy === undefined ? undefined : inversePolicy?.collections.get(owning.inversedBy);
  return inversePolicy && inverseCollection
    ? { ...common, policy: inversePolicy, collection: inverseCollection, recordsOwner: false }
    : undefined;
}

/** The property that owns the foreign keys of a relation: of a many-to-many relation those of the link table. */
export function owningSide(prop: EntityProperty): EntityProperty | undefined {
  return prop.owner || prop.kind !== ReferenceKind.MANY_TO_MANY
    ? prop
    : prop.targetMeta && propertiesOf(prop.targetMeta)[prop.mappedBy];
}

/** @param owning the property of the side that owns the link table */
export function linkTableOf(owning: EntityProperty): LinkTable {
  const { joinColumns, inverseJoinColumns, discriminatorColumn, discriminatorValue } = owning;
  const hasClasses = hasTargetsOfSeveralClasses(owning) && discriminatorColumn !== undefined;
  const isShared = owning.polymorphic && discriminatorColumn !== undefined && !hasClasses;
  return {
    ownerColumns: joinColumns,
    targetColumns: hasClasses ? [discriminatorColumn, ...inverseJoinColumns] : inverseJoinColumns,
    filter:
      isShared && discriminatorValue !== undefined
        ? { column: discriminatorColumn, value: discriminatorValue }
        : null,
  };
}

/** The values by which links refer to an entity as their target, in the order of the columns. */
export function targetKey(owning: EntityProperty, entity: object): readonly unknown[] {
  if (!hasTargetsOfSeveralClasses(owning)) {
    return keyColumnsOf(entity);
  }
  const name = QueryHelper.findDiscriminatorValue(owning.discriminatorMap ?? {}, metaOf(entity).class);
  return [name, ...keyColumnsOf(entity)];
}

export function linkText({ ownerId, targetId }: Link): string {
  return columnText([ownerId, targetId]);
}

function hasTargetsOfSeveralClasses(owning: EntityProperty): boolean {
  return QueryHelper.isUnionTargetPolymorphic(owning);
}

/** The table of links of a relation, as its metadata has it. */
export function linkTableName(prop: EntityProperty, metadata: MetadataStorage): MappedTable {
  const { pivotEntity } = owningSide(prop) ?? prop;
  const { schema, tableName } = metadata.get<object>(pivotEntity);
  return { schema, name: tableName };
}
