import { defineEntity, p } from '@mikro-orm/core';

const { bigint, datetime, json, string, text } = p;

/**
 * Table `audit_revision`: one row per database transaction that changed something audited, and one per recorded action.
 * Column names are fixed here, whatever naming strategy the app uses. Rows are written with SQL in the
 * transaction they describe, never through an EntityManager.
 */
const AuditRevisionSchema = defineEntity({
  name: 'AuditRevision',
  tableName: 'audit_revision',
  comment: 'nestjs-mikro-audit: who, when, why; one row per database transaction',
  indexes: [
    { name: 'audit_revision_recorded_at_idx', properties: ['recordedAt'] },
    { name: 'audit_revision_actor_idx', properties: ['actorId', 'recordedAt'] },
    {
      name: 'audit_revision_action_idx',
      properties: ['action', 'recordedAt'],
      where: 'action is not null',
    },
    {
      name: 'audit_revision_correlation_idx',
      properties: ['correlationId', 'recordedAt'],
      where: 'correlation_id is not null',
    },
    // Nearly empty: failures and restores are rare.
    {
      name: 'audit_revision_outcome_idx',
      properties: ['outcome', 'recordedAt'],
      where: "outcome <> 'success'",
    },
    {
      name: 'audit_revision_restored_idx',
      properties: ['restoredRevisionId', 'recordedAt'],
      where: 'restored_revision_id is not null',
    },
    { name: 'audit_revision_transaction_idx', properties: ['transactionId', 'id'] },
  ],
  properties: {
    id: bigint('string').fieldName('id').primary().generated('identity'),
    recordedAt: datetime()
      .fieldName('recorded_at')
      .columnType('timestamptz(6)')
      .defaultRaw('clock_timestamp()'),
    transactionId: string().fieldName('transaction_id').columnType('xid8').defaultRaw('pg_current_xact_id()'),
    actorType: text().fieldName('actor_type'),
    actorId: text().fieldName('actor_id').nullable(),
    actorLabel: text().fieldName('actor_label').nullable(),
    onBehalfOf: json().fieldName('on_behalf_of').columnType('jsonb').nullable(),
    authenticationMethod: text().fieldName('authentication_method').nullable(),
    action: text().fieldName('action').nullable(),
    reason: text().fieldName('reason').nullable(),
    outcome: text().fieldName('outcome').default('success'),
    origin: json().fieldName('origin').columnType('jsonb').nullable(),
    correlationId: text().fieldName('correlation_id').nullable(),
    traceId: text().fieldName('trace_id').nullable(),
    spanId: text().fieldName('span_id').nullable(),
    restoredRevisionId: bigint('string').fieldName('restored_revision_id').nullable(),
    metadata: json().fieldName('metadata').columnType('jsonb').nullable(),
  },
});

/** Entity of the table `audit_revision`, so that the app's migrations create it. Read through `AuditReader`. */
export class AuditRevision extends AuditRevisionSchema.class {}
AuditRevisionSchema.setClass(AuditRevision);
