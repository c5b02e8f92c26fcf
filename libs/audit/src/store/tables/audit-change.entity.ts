import { defineEntity, p, type SchemaTable } from '@mikro-orm/core';

const { array, bigint, datetime, json, string, text } = p;

/** As MikroORM writes the tables themselves: without the schema where it is the default one. */
const quoted = ({ schema, name }: SchemaTable) =>
  schema && schema !== 'public' ? `"${schema}"."${name}"` : `"${name}"`;

/** A row is the first change of a revision, a further one, or a recorded action, which has no change. */
const FIRST = 'revision_id is null and entity_type is not null';
const FURTHER = 'revision_id is not null';
const ACTION = 'entity_type is null';

/**
 * Table `audit_change`: one row per changed entity and database transaction, and one per recorded action. There is no
 * table of revisions, because most transactions change one entity: a revision is its first row, which alone has the
 * whole header. Further rows name it and repeat who, when and why, because the changes of one entity, or of one actor,
 * are of revisions far apart: a page of them would have to fetch each from another place.
 *
 * There is no foreign key to business tables: history outlives what it describes. Column names are fixed here, whatever
 * naming strategy the app uses. Rows are written with SQL in the transaction they describe, never through an
 * EntityManager.
 *
 * First rows, further ones and actions have indexes of time and actor of their own: pages of changes are merged from the
 * first two, pages of revisions from the first and the last, and neither reads past rows it does not show.
 */
const AuditChangeSchema = defineEntity({
  name: 'AuditChange',
  tableName: 'audit_change',
  comment: 'nestjs-mikro-audit: who changed what, when and why; before is null on create, after on delete',
  indexes: [
    // Read backwards for the newest changes first. MikroORM 7.2 reads a descending column back wrongly, and its
    // migrations would then create the index anew for ever.
    { name: 'audit_change_entity_idx', properties: ['entityType', 'entityId', 'id'] },
    // Few rows: what was deleted, or has another key now.
    {
      name: 'audit_change_ended_idx',
      properties: ['entityType', 'entityId'],
      where: "operation = 'delete' or renamed_to is not null",
    },
    { name: 'audit_change_revision_idx', properties: ['revisionId', 'id'], where: FURTHER },
    { name: 'audit_change_type_idx', properties: ['entityType', 'id'] },
    { name: 'audit_change_first_time_idx', properties: ['recordedAt', 'id'], where: FIRST },
    { name: 'audit_change_further_time_idx', properties: ['recordedAt', 'id'], where: FURTHER },
    { name: 'audit_change_action_time_idx', properties: ['recordedAt', 'id'], where: ACTION },
    { name: 'audit_change_first_actor_idx', properties: ['actorId', 'recordedAt', 'id'], where: FIRST },
    { name: 'audit_change_further_actor_idx', properties: ['actorId', 'recordedAt', 'id'], where: FURTHER },
    { name: 'audit_change_action_actor_idx', properties: ['actorId', 'recordedAt', 'id'], where: ACTION },
    {
      name: 'audit_change_part_of_idx',
      properties: ['partOfType', 'partOfId', 'id'],
      where: 'part_of_id is not null',
    },
    // Nearly empty: parts seldom move from one whole to another, and keys seldom change.
    {
      name: 'audit_change_part_of_before_idx',
      properties: ['partOfType', 'partOfIdBefore', 'id'],
      where: 'part_of_id_before is not null',
    },
    {
      name: 'audit_change_renamed_idx',
      properties: ['entityType', 'renamedTo', 'id'],
      where: 'renamed_to is not null',
    },
    // Without pending entries, which every search would have to read through.
    {
      name: 'audit_change_targets_idx',
      expression: (columns, table, name) =>
        `create index "${name}" on ${quoted(table)} using gin ("${columns.targets}") with (fastupdate = off) where targets is not null`,
    },
    // Of headers, which further changes do not have.
    {
      name: 'audit_change_action_idx',
      properties: ['action', 'recordedAt', 'id'],
      where: 'action is not null and revision_id is null',
    },
    {
      name: 'audit_change_correlation_idx',
      properties: ['correlationId', 'recordedAt', 'id'],
      where: 'correlation_id is not null',
    },
    {
      name: 'audit_change_outcome_idx',
      properties: ['outcome', 'recordedAt', 'id'],
      where: "outcome <> 'success'",
    },
    {
      name: 'audit_change_restored_idx',
      properties: ['restoredRevisionId', 'recordedAt', 'id'],
      where: 'restored_revision_id is not null and revision_id is null',
    },
    {
      name: 'audit_change_transaction_idx',
      properties: ['transactionId', 'id'],
      where: 'revision_id is null',
    },
  ],
  properties: {
    id: bigint('string').fieldName('id').primary().generated('identity'),
    revisionId: bigint('string').fieldName('revision_id').nullable(),
    recordedAt: datetime()
      .fieldName('recorded_at')
      .columnType('timestamptz(6)')
      .defaultRaw('clock_timestamp()'),
    actorType: text().fieldName('actor_type'),
    actorId: text().fieldName('actor_id').nullable(),
    actorLabel: text().fieldName('actor_label').nullable(),
    onBehalfOf: json().fieldName('on_behalf_of').columnType('jsonb').nullable(),
    action: text().fieldName('action').nullable(),
    reason: text().fieldName('reason').nullable(),
    restoredRevisionId: bigint('string').fieldName('restored_revision_id').nullable(),
    entityType: text().fieldName('entity_type').nullable(),
    entityId: text().fieldName('entity_id').nullable(),
    partOfType: text().fieldName('part_of_type').nullable(),
    partOfId: text().fieldName('part_of_id').nullable(),
    partOfIdBefore: text().fieldName('part_of_id_before').nullable(),
    renamedTo: text().fieldName('renamed_to').nullable(),
    operation: text().fieldName('operation').nullable(),
    before: json().fieldName('before').columnType('jsonb').nullable(),
    after: json().fieldName('after').columnType('jsonb').nullable(),
    labels: json().fieldName('labels').columnType('jsonb').nullable(),
    targets: array().fieldName('targets').columnType('text[]').nullable(),
    transactionId: string().fieldName('transaction_id').columnType('xid8').defaultRaw('pg_current_xact_id()'),
    authenticationMethod: text().fieldName('authentication_method').nullable(),
    outcome: text().fieldName('outcome').nullable(),
    origin: json().fieldName('origin').columnType('jsonb').nullable(),
    correlationId: text().fieldName('correlation_id').nullable(),
    traceId: text().fieldName('trace_id').nullable(),
    spanId: text().fieldName('span_id').nullable(),
    metadata: json().fieldName('metadata').columnType('jsonb').nullable(),
  },
});

/** Entity of the table `audit_change`, so that the app's migrations create it. Read through `AuditReader`. */
export class AuditChange extends AuditChangeSchema.class {}
AuditChangeSchema.setClass(AuditChange);
