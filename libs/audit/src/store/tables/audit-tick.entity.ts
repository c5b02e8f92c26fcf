import { defineEntity, p } from '@mikro-orm/core';

const { bigint, datetime, string, text } = p;

/**
 * Table `audit_tick`: what the sequencer has done, one row for each time that it gave out positions. The newest row says where it
 * stands; nothing is ever changed. The primary key makes the second of two sequencers fail.
 */
const AuditTickSchema = defineEntity({
  name: 'AuditTick',
  tableName: 'audit_tick',
  comment: 'nestjs-mikro-audit: when positions were given out, and which transactions have theirs',
  indexes: [{ name: 'audit_tick_late_idx', properties: ['number'], where: "kind = 'late'" }],
  properties: {
    number: bigint('string').fieldName('number').primary().autoincrement(false),
    kind: text().fieldName('kind'),
    // The transactions that have their positions after it.
    snapshot: string().fieldName('snapshot').columnType('pg_snapshot'),
    // Those that had them before; null where it begins.
    since: string().fieldName('since').columnType('pg_snapshot').nullable(),
    // Where the ids of transactions are those of another server: rows up to this id are taken as they are.
    untilId: bigint('string').fieldName('until_id').nullable(),
    // Where there is more of the same: the last row that has its position.
    passedId: bigint('string').fieldName('passed_id').nullable(),
    // Number of positions that are given out.
    size: bigint('string').fieldName('size'),
    systemIdentifier: bigint('string').fieldName('system_identifier'),
    takenAt: datetime().fieldName('taken_at').columnType('timestamptz(6)').defaultRaw('clock_timestamp()'),
  },
});

/** Entity of the table `audit_tick`, so that the app's migrations create it. */
export class AuditTick extends AuditTickSchema.class {}
AuditTickSchema.setClass(AuditTick);
