import {
  ANY_OBJECT,
  FLAG,
  INSTANT,
  list,
  type Model,
  NULLABLE_TEXT,
  ref,
  TEXT,
  TEXTS,
  VALUE,
  words,
} from './schema-parts.js';

/** Bodies and answers of the routes of restores. */
export const RESTORE_MODELS = {
  AuditRestoreValue: {
    description: 'A property that a restore sets',
    properties: { path: TEXT, before: VALUE, after: VALUE, given: FLAG, labels: TEXTS },
    optional: ['before', 'after', 'given'],
  },
  AuditRestoreStep: {
    description: 'Effect of a restore on one entity',
    properties: {
      entityType: TEXT,
      entityId: TEXT,
      label: NULLABLE_TEXT,
      operation: words('create', 'update', 'delete', 'none'),
      values: list(ref('AuditRestoreValue')),
    },
  },
  AuditRestorePlan: {
    description: 'Effects of a restore, and the token with which it is carried out',
    properties: {
      request: ANY_OBJECT,
      restoredRevisionId: NULLABLE_TEXT,
      steps: list(ref('AuditRestoreStep')),
      conflicts: list(ANY_OBJECT),
      blocked: FLAG,
      token: TEXT,
    },
  },
  AuditPlanRequest: {
    description: 'Entity to restore; without `to` one that was deleted',
    properties: {
      to: {
        type: 'object',
        description: 'One of a time, a revision, and the state before a revision',
        properties: { at: INSTANT, revision: TEXT, beforeRevision: TEXT },
      },
      property: list(TEXT),
      withChildren: FLAG,
      accept: list(TEXT),
    },
    optional: ['to', 'property', 'withChildren', 'accept'],
  },
  AuditPlanRevisionRequest: {
    description: 'Kinds of conflicts that shall not block',
    properties: { accept: list(TEXT) },
    optional: ['accept'],
  },
  AuditRestoreRequest: {
    description: 'The token of a plan',
    properties: { token: TEXT, reason: TEXT },
    optional: ['reason'],
  },
  AuditRestored: {
    description: 'The revision of a restore; null when there was nothing to do',
    properties: { revisionId: NULLABLE_TEXT },
  },
} as const satisfies Readonly<Record<string, Model>>;
