import { defineEntity, p } from '@mikro-orm/core';

const { bigint, datetime, text } = p;

/**
 * Table `audit_checkpoint`: signed checkpoints that were published, so that the app can name the one that covers a row. They prove
 * nothing from here: whoever can change the trail can change them.
 */
const AuditCheckpointSchema = defineEntity({
  name: 'AuditCheckpoint',
  tableName: 'audit_checkpoint',
  comment: 'nestjs-mikro-audit: copies of the checkpoints that were published',
  properties: {
    size: bigint('string').fieldName('size').primary().autoincrement(false),
    // The same size is published again where nothing was written, to show that the log is alive.
    publishedAt: datetime()
      .fieldName('published_at')
      .columnType('timestamptz(6)')
      .defaultRaw('clock_timestamp()')
      .primary(),
    note: text().fieldName('note'),
  },
});

/** Entity of the table `audit_checkpoint`, so that the app's migrations create it. */
export class AuditCheckpoint extends AuditCheckpointSchema.class {}
AuditCheckpointSchema.setClass(AuditCheckpoint);
