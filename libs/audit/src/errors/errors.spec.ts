import { describe, expect, it } from '@jest/globals';
import { AuditError } from './audit-error.js';
import { AuditCliError } from './cli-errors.js';
import { AuditConfigurationError } from './configuration-error.js';
import {
  ActorResolutionError,
  MissingActorError,
  MissingReasonError,
  NoAuditContextError,
  SuspensionForbiddenError,
} from './context-errors.js';
import { HiddenRowsError, InvalidCoverageError } from './coverage-errors.js';
import {
  EnvelopeExpiredError,
  EnvelopeForgedError,
  EnvelopeOversizedError,
  EnvelopeVersionError,
} from './envelope-errors.js';
import { AuditExportError } from './export-errors.js';
import { InvalidQueryError, NotAuditedError } from './query-errors.js';
import { RestoreConflictError, RestoreForbiddenError, StalePlanError } from './restore-errors.js';
import {
  AuditCaptureError,
  AuditStaleEntityManagerError,
  AuditTransactionRequiredError,
  AuditWriteError,
} from './write-errors.js';

const cause = new Error('disk full');

const errors: [string, AuditError, string][] = [
  [
    'AuditConfigurationError',
    new AuditConfigurationError('It is off.', 'Switch it on.'),
    'AUDIT_CONFIGURATION',
  ],
  ['NoAuditContextError', new NoAuditContextError(), 'AUDIT_NO_CONTEXT'],
  ['ActorResolutionError', new ActorResolutionError('no one is there'), 'AUDIT_ACTOR_RESOLUTION'],
  ['MissingActorError', new MissingActorError('A change of order'), 'AUDIT_ACTOR_MISSING'],
  ['MissingReasonError', new MissingReasonError('The action x'), 'AUDIT_REASON_MISSING'],
  ['SuspensionForbiddenError', new SuspensionForbiddenError(), 'AUDIT_SUSPENSION_FORBIDDEN'],
  ['EnvelopeForgedError', new EnvelopeForgedError(), 'AUDIT_ENVELOPE_FORGED'],
  ['EnvelopeExpiredError', new EnvelopeExpiredError(new Date(0)), 'AUDIT_ENVELOPE_EXPIRED'],
  ['EnvelopeOversizedError', new EnvelopeOversizedError(9, 8), 'AUDIT_ENVELOPE_OVERSIZED'],
  ['EnvelopeVersionError', new EnvelopeVersionError('mikro-audit.9'), 'AUDIT_ENVELOPE_VERSION'],
  ['NotAuditedError', new NotAuditedError('Order'), 'AUDIT_NOT_AUDITED'],
  ['InvalidQueryError', new InvalidQueryError('limit', 'is 0', 'Give more.'), 'AUDIT_INVALID_QUERY'],
  ['AuditCliError', new AuditCliError('There is no app.', 'Name it.'), 'AUDIT_CLI'],
  [
    'InvalidCoverageError',
    new InvalidCoverageError('AuditBaseline.run', 'batchSize', 'is 0', 'Give more.'),
    'AUDIT_INVALID_COVERAGE',
  ],
  [
    'HiddenRowsError',
    new HiddenRowsError('AuditCheck.run', 'order', 'app', ['"order"']),
    'AUDIT_ROWS_HIDDEN',
  ],
  ['StalePlanError', new StalePlanError('order 1'), 'AUDIT_RESTORE_STALE'],
  ['RestoreForbiddenError', new RestoreForbiddenError(['item']), 'AUDIT_RESTORE_FORBIDDEN'],
  [
    'RestoreConflictError',
    new RestoreConflictError('order 1', [
      {
        kind: 'entity-gone',
        entityType: 'order',
        entityId: '1',
        path: null,
        severity: 'blocking',
        acceptable: true,
        message: 'order 1 is gone.',
      },
    ]),
    'AUDIT_RESTORE_CONFLICT',
  ],
  ['AuditExportError', new AuditExportError('is cut off'), 'AUDIT_EXPORT_BROKEN'],
  ['AuditWriteError', new AuditWriteError(cause), 'AUDIT_WRITE_FAILED'],
  ['AuditCaptureError', new AuditCaptureError('order', cause), 'AUDIT_CAPTURE_FAILED'],
  ['AuditTransactionRequiredError', new AuditTransactionRequiredError('order'), 'AUDIT_TRANSACTION_REQUIRED'],
  ['AuditStaleEntityManagerError', new AuditStaleEntityManagerError('order'), 'AUDIT_ENTITY_MANAGER_STALE'],
];

describe.each(errors)('%s', (name, error, code) => {
  it('has a stable code, its own name, and a message that ends with the remedy', () => {
    expect(error).toBeInstanceOf(AuditError);
    expect([error.name, error.code]).toEqual([name, code]);
    expect(error.message.startsWith(`[${code}] `)).toBe(true);
    expect(error.message.endsWith(` ${error.remedy}`)).toBe(true);
    expect(String(error)).toBe(`${name}: ${error.message}`);
  });

  it('has data that is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(error.data))).toEqual(error.data);
  });
});

describe('an error with a cause', () => {
  it('names it and carries it', () => {
    for (const error of [new AuditWriteError(cause), new AuditCaptureError('order', cause)]) {
      expect(error.message).toContain('disk full');
      expect(error.cause).toBe(cause);
    }
    expect(new ActorResolutionError('x', cause).cause).toBe(cause);
  });

  it.each([
    ['a text', 'disk full', 'disk full'],
    ['nothing', undefined, 'undefined'],
    ['an object with a message', { message: 'disk full' }, 'disk full'],
    ['an object that cannot be printed', Object.create(null), 'something that cannot be printed'],
    [
      'an object whose message throws',
      {
        get message(): string {
          throw new Error('no');
        },
      },
      'something that cannot be printed',
    ],
  ])('takes %s as one', (_title, thrown: unknown, text) => {
    const error = new AuditWriteError(thrown);
    expect(error.message).toContain(`: ${text}.`);
    expect(error.cause).toBe(thrown);
  });
});
