import {
  COUNTS,
  INSTANT,
  list,
  type Model,
  NULLABLE_TEXT,
  NUMBER,
  oneOrNull,
  ref,
  TEXT,
  words,
} from './schema-parts.js';

const NULLABLE_NUMBER = { type: 'number', nullable: true };

/** The answer of the route `coverage`. */
export const COVERAGE_MODELS = {
  AuditPropertyFate: {
    description: 'A property, and whether its values are in the trail',
    properties: {
      path: TEXT,
      fate: words('recorded', 'masked', 'ignored'),
      mask: { ...words('redact', 'last4', 'hash'), nullable: true },
    },
  },
  AuditEntityCoverage: {
    description: 'An audited entity, and what happens to writes past the unit of work',
    properties: {
      entityType: TEXT,
      name: TEXT,
      instance: TEXT,
      tableName: TEXT,
      otherWrites: words('recorded', 'refused', 'warned', 'allowed', 'unnoticed'),
      withoutTriggers: NULLABLE_TEXT,
      properties: list(ref('AuditPropertyFate')),
    },
  },
  AuditUnauditedEntity: {
    description: 'An entity in no policy',
    properties: { name: TEXT, instance: TEXT, tableName: TEXT },
  },
  AuditDoctorFinding: {
    description: 'Findings of the doctor',
    properties: {
      code: TEXT,
      severity: words('error', 'warning', 'info'),
      entityType: NULLABLE_TEXT,
      subject: TEXT,
      message: TEXT,
      remedy: NULLABLE_TEXT,
    },
  },
  AuditCheckRound: {
    description: 'One go of the scheduled check through everything',
    properties: {
      startedAt: INSTANT,
      endedAt: { ...INSTANT, nullable: true },
      entities: NUMBER,
      changes: NUMBER,
      rows: NUMBER,
      counts: COUNTS,
      entityTypes: COUNTS,
    },
  },
  AuditCheckStatus: {
    description: 'How the scheduled check of a trail stands',
    properties: {
      instance: TEXT,
      verdict: words('waiting', 'clean', 'found', 'failed', 'late'),
      beganAt: { ...INSTANT, nullable: true },
      failure: NULLABLE_TEXT,
      round: oneOrNull('AuditCheckRound'),
      lastRound: oneOrNull('AuditCheckRound'),
    },
  },
  AuditTrailCoverage: {
    description: 'How large a trail is, and how it grows; about',
    properties: {
      instance: TEXT,
      rows: { type: 'number' },
      bytes: { type: 'number' },
      rowsPerDay: NULLABLE_NUMBER,
      bytesPerDay: NULLABLE_NUMBER,
    },
  },
  AuditCoverage: {
    description: 'Audited part of the database; null where a reader of some entities may not look',
    properties: {
      entities: list(ref('AuditEntityCoverage')),
      unaudited: { ...list(ref('AuditUnauditedEntity')), nullable: true },
      findings: list(ref('AuditDoctorFinding')),
      checks: { ...list(ref('AuditCheckStatus')), nullable: true },
      trails: { ...list(ref('AuditTrailCoverage')), nullable: true },
    },
  },
} as const satisfies Readonly<Record<string, Model>>;
