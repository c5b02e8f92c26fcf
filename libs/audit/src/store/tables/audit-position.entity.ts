import { defineEntity, p } from '@mikro-orm/core';

const { bigint } = p;

/**
 * Table `audit_position`: the place of each row of `audit_change` in the order of the commits, from 0 and without gaps. It is a
 * table of its own, because nobody knows the place of a row while it is written, and a row of the trail is never changed.
 */
const AuditPositionSchema = defineEntity({
  name: 'AuditPosition',
  tableName: 'audit_position',
  comment: 'nestjs-mikro-audit: the order in which changes were committed',
  uniques: [{ name: 'audit_position_change_idx', properties: ['changeId'] }],
  properties: {
    position: bigint('string').fieldName('position').primary().autoincrement(false),
    changeId: bigint('string').fieldName('change_id'),
  },
});

/** Entity of the table `audit_position`, so that the app's migrations create it. */
export class AuditPosition extends AuditPositionSchema.class {}
AuditPositionSchema.setClass(AuditPosition);
