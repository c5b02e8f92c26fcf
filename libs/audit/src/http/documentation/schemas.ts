import { ACTOR_TYPES } from '../../model/actor.js';
import { COVERAGE_MODELS } from './coverage-schemas.js';
import { RESTORE_MODELS } from './restore-schemas.js';
import {
  ANY_OBJECT,
  COUNTS,
  FLAG,
  FLAGS,
  INSTANT,
  list,
  type Model,
  NULLABLE_OBJECT,
  NULLABLE_TEXT,
  NUMBER,
  one,
  oneOrNull,
  page,
  ref,
  TEXT,
  VALUE,
  words,
} from './schema-parts.js';

const BRIEF = {
  id: TEXT,
  recordedAt: INSTANT,
  actor: one('AuditActor'),
  onBehalfOf: oneOrNull('AuditActor'),
  action: NULLABLE_TEXT,
  reason: NULLABLE_TEXT,
  restoredRevisionId: NULLABLE_TEXT,
};

const DETAILS = {
  outcome: words('success', 'failure', 'denied'),
  authenticationMethod: NULLABLE_TEXT,
  origin: NULLABLE_OBJECT,
  correlationId: NULLABLE_TEXT,
  traceId: NULLABLE_TEXT,
  spanId: NULLABLE_TEXT,
  metadata: NULLABLE_OBJECT,
};

const CHANGE = {
  id: TEXT,
  entityType: TEXT,
  entityId: TEXT,
  partOfType: NULLABLE_TEXT,
  partOfId: NULLABLE_TEXT,
  operation: words('create', 'update', 'delete', 'baseline'),
  fields: list(ref('AuditField')),
  labels: NULLABLE_OBJECT,
};

/** The bodies that the routes take and answer with, by the name in the document. */
export const MODELS = {
  AuditActor: {
    description: 'Who acts',
    properties: {
      type: words(...ACTOR_TYPES),
      id: NULLABLE_TEXT,
      label: NULLABLE_TEXT,
    },
  },
  AuditField: {
    description: 'A property of a change; without `before` or `after` where it had none',
    properties: { path: TEXT, before: VALUE, after: VALUE },
    optional: ['before', 'after'],
  },
  AuditRevisionOfChange: {
    description: 'Who, when and why; the rest is there with `details=true`',
    properties: { ...BRIEF, ...DETAILS },
    optional: Object.keys(DETAILS),
  },
  AuditRevisionSummary: {
    description: 'A revision with the numbers of its changes by entity',
    properties: { ...BRIEF, ...DETAILS, counts: COUNTS },
  },
  AuditCheckpoint: {
    description: 'A published checkpoint: how many positions it covers',
    properties: { size: NUMBER, publishedAt: INSTANT },
  },
  AuditSeal: {
    description: 'How a change stands in the log of a sealed trail, and the first checkpoint that covers it',
    properties: {
      position: { ...NUMBER, nullable: true },
      sealed: FLAG,
      checkpoint: oneOrNull('AuditCheckpoint'),
    },
  },
  AuditRevision: {
    description: 'A revision with its first changes; its `seal` is that of its first row',
    properties: {
      ...BRIEF,
      ...DETAILS,
      seal: one('AuditSeal'),
      changes: list(ref('AuditChange')),
      nextCursor: NULLABLE_TEXT,
    },
    optional: ['seal'],
  },
  AuditChange: {
    description: 'A change of one entity; `seal` is there where the trail is sealed',
    properties: { ...CHANGE, seal: one('AuditSeal') },
    optional: ['seal'],
  },
  AuditChangeOfRevision: {
    description: 'A change with its revision',
    properties: { ...CHANGE, revision: one('AuditRevisionOfChange') },
  },
  AuditChangeOfRevisionPage: page('A page of changes with their revisions', 'AuditChangeOfRevision'),
  AuditLatest: {
    description: 'The newest change of each entity, in the order of the ids; null where there is none',
    properties: { items: list(oneOrNull('AuditChangeOfRevision')) },
  },
  AuditChangePage: page('A page of changes', 'AuditChange'),
  AuditRevisionPage: page('A page of revisions', 'AuditRevisionSummary'),
  AuditEntityAccess: {
    description: 'An entity that the reader may do something with',
    properties: {
      type: TEXT,
      perSchema: FLAG,
      partOfType: NULLABLE_TEXT,
      permissions: FLAGS,
      properties: list(ANY_OBJECT),
    },
  },
  AuditAccess: {
    description: 'Permissions of the reader',
    properties: { permissions: FLAGS, entities: list(ref('AuditEntityAccess')) },
  },
  AuditState: {
    description: 'An entity as it was; null when it did not exist',
    properties: { state: NULLABLE_OBJECT },
  },
  AuditStatePage: {
    description: 'A page of entities as they were',
    properties: { items: list(NULLABLE_OBJECT), nextCursor: NULLABLE_TEXT },
  },
  AuditDiff: { description: 'Differences', properties: { fields: list(ref('AuditField')) } },
  AuditBlameProperty: {
    description: 'Who gave a property its present value',
    properties: {
      path: TEXT,
      value: VALUE,
      changeId: NULLABLE_TEXT,
      operation: { ...words('create', 'update', 'delete', 'baseline'), nullable: true },
      revision: oneOrNull('AuditRevisionOfChange'),
    },
  },
  AuditBlame: {
    description: 'The present properties; null when the entity does not exist',
    properties: { properties: { ...list(ref('AuditBlameProperty')), nullable: true } },
  },
  AuditActivityDay: {
    description: 'Changes of one day',
    properties: { day: TEXT, total: NUMBER, byEntityType: COUNTS },
  },
  AuditActivity: {
    description: 'Changes by day, counted from a time on',
    properties: { days: list(ref('AuditActivityDay')), countedFrom: INSTANT },
  },
  AuditCount: {
    description: 'Changes that have in common what they are counted by',
    properties: {
      actor: one('AuditActor'),
      action: NULLABLE_TEXT,
      entityType: TEXT,
      entityId: TEXT,
      changes: NUMBER,
      revisions: NUMBER,
    },
    optional: ['actor', 'action', 'entityType', 'entityId'],
  },
  AuditCounts: {
    description: 'The largest groups, and the numbers of all, counted from a time on',
    properties: {
      items: list(ref('AuditCount')),
      groups: NUMBER,
      changes: NUMBER,
      countedFrom: { ...INSTANT, nullable: true },
    },
  },
  ...COVERAGE_MODELS,
  AuditExportManifest: {
    description: 'Contents of an export',
    properties: {
      format: words('ndjson', 'csv'),
      count: NUMBER,
      actions: NUMBER,
      truncated: FLAG,
      sha256: TEXT,
      query: { type: 'object', additionalProperties: list(TEXT) },
      leftOut: list(words('entities', 'rows', 'values', 'actions', 'trail-reads')),
      firstId: NULLABLE_TEXT,
      lastId: NULLABLE_TEXT,
      exportedAt: INSTANT,
    },
  },
  ...RESTORE_MODELS,
  AuditProblem: {
    description: 'An error as RFC 9457 has it',
    properties: {
      type: TEXT,
      title: TEXT,
      status: NUMBER,
      detail: TEXT,
      code: TEXT,
      parameter: TEXT,
      conflicts: list(ANY_OBJECT),
    },
    optional: ['parameter', 'conflicts'],
  },
} as const satisfies Readonly<Record<string, Model>>;

export type ModelName = keyof typeof MODELS;
