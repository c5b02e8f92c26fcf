import { defineEntity, p, type SchemaTable } from '@mikro-orm/core';

const { array, bigint, datetime, json, text } = p;

/** As MikroORM writes the tables themselves: without the schema where it is the default one. */
const quoted = ({ schema, name }: SchemaTable) =>
  schema && schema !== 'public' ? `"${schema}"."${name}"` : `"${name}"`;

/**
 * Table `audit_change`: one row per entity and revision. There is no foreign key to business tables: history
 * outlives what it describes. Who, when and why are copied from the revision, because the changes of one entity, or of
 * one actor, are of revisions far apart: a page of them would have to fetch each from another place.
 */
const AuditChangeSchema = defineEntity({
  name: 'AuditChange',
  tableName: 'audit_change',
  comment: 'nestjs-mikro-audit: what changed; before is null on create, after on delete',
  indexes: [
    // Read backwards for the newest changes first. MikroORM 7.2 reads a descending column back wrongly, and its
    // migrations would then create the index anew for ever.
    { name: 'audit_change_entity_idx', properties: ['entityType', 'entityId', 'id'] },
    {
      name: 'audit_change_deleted_idx',
      properties: ['entityType', 'entityId'],
      where: "operation = 'delete'",
    },
    { name: 'audit_change_revision_idx', properties: ['revisionId', 'id'] },
    { name: 'audit_change_type_idx', properties: ['entityType', 'id'] },
    { name: 'audit_change_recorded_at_idx', properties: ['recordedAt', 'id'] },
    {
      name: 'audit_change_actor_idx',
      properties: ['actorId', 'recordedAt', 'id'],
      where: 'actor_id is not null',
    },
    {
      name: 'audit_change_root_idx',
      properties: ['rootType', 'rootId', 'id'],
      where: 'root_id is not null',
    },
    // Nearly empty: parts seldom move from one root to another, and keys seldom change.
    {
      name: 'audit_change_left_root_idx',
      properties: ['rootType', 'leftRootId', 'id'],
      where: 'left_root_id is not null',
    },
    // Without pending entries, which every search would have to read through.
    {
      name: 'audit_change_targets_idx',
      expression: (columns, table, name) =>
        `create index "${name}" on ${quoted(table)} using gin ("${columns.targets}") with (fastupdate = off) where targets is not null`,
    },
    {
      name: 'audit_change_renamed_idx',
      properties: ['entityType', 'renamedTo', 'id'],
      where: 'renamed_to is not null',
    },
    {
      name: 'audit_change_renaming_idx',
      properties: ['entityType', 'entityId'],
      where: 'renamed_to is not null',
    },
  ],
  properties: {
    id: bigint('string').fieldName('id').primary().generated('identity'),
    revisionId: bigint('string').fieldName('revision_id'),
    recordedAt: datetime().fieldName('recorded_at').columnType('timestamptz(6)'),
    actorType: text().fieldName('actor_type'),
    actorId: text().fieldName('actor_id').nullable(),
    actorLabel: text().fieldName('actor_label').nullable(),
    onBehalfOf: json().fieldName('on_behalf_of').columnType('jsonb').nullable(),
    action: text().fieldName('action').nullable(),
    reason: text().fieldName('reason').nullable(),
    restoredRevisionId: bigint('string').fieldName('restored_revision_id').nullable(),
    entityType: text().fieldName('entity_type'),
    entityId: text().fieldName('entity_id'),
    rootType: text().fieldName('root_type').nullable(),
    rootId: text().fieldName('root_id').nullable(),
    leftRootId: text().fieldName('left_root_id').nullable(),
    renamedTo: text().fieldName('renamed_to').nullable(),
    operation: text().fieldName('operation'),
    before: json().fieldName('before').columnType('jsonb').nullable(),
    after: json().fieldName('after').columnType('jsonb').nullable(),
    labels: json().fieldName('labels').columnType('jsonb').nullable(),
    targets: array().fieldName('targets').columnType('text[]').nullable(),
  },
});

/** Entity of the table `audit_change`, so that the app's migrations create it. Read through `AuditReader`. */
export class AuditChange extends AuditChangeSchema.class {}
AuditChangeSchema.setClass(AuditChange);
