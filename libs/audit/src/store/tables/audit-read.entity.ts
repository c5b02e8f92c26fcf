import { defineEntity, p } from '@mikro-orm/core';

const { bigint, text } = p;

/**
 * Table `audit_read`: which entities were looked at, one row per entity and revision. It is a table of its own, because
 * everything that replays `audit_change` relies on creates, updates and deletes, and a read has no values.
 */
const AuditEntityReadSchema = defineEntity({
  name: 'AuditEntityRead',
  tableName: 'audit_read',
  comment: 'nestjs-mikro-audit: which entities were looked at',
  indexes: [{ name: 'audit_read_revision_idx', properties: ['revisionId'] }],
  properties: {
    // In this order, the primary key answers who has looked at an entity.
    entityType: text().fieldName('entity_type').primary(),
    entityId: text().fieldName('entity_id').primary(),
    revisionId: bigint('string').fieldName('revision_id').primary(),
  },
});

/** Entity of the table `audit_read`, so that the app's migrations create it. Read through `AuditReader`. */
export class AuditEntityRead extends AuditEntityReadSchema.class {}
AuditEntityReadSchema.setClass(AuditEntityRead);
