import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { AuditError } from '../../errors/audit-error.js';
import { MissingActorError, MissingReasonError } from '../../errors/context-errors.js';
import {
  EvidenceChangedError,
  EvidenceMissingError,
  EvidenceNotCoveredError,
  EvidenceOffError,
} from '../../errors/evidence-errors.js';
import {
  HistoryUnavailableError,
  InvalidQueryError,
  NotAuditedError,
  QueryTimeoutError,
} from '../../errors/query-errors.js';
import { RestoreConflictError, RestoreForbiddenError, StalePlanError } from '../../errors/restore-errors.js';
import { SequencerMissingError } from '../../errors/sequencer-errors.js';
import type { RestoreConflict } from '../../model/restore-conflict.js';

/** An error of the API as RFC 9457 wants it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stable and machine readable. */
  readonly code: string;
  /** The invalid parameter; only of a query that cannot be answered. */
  readonly parameter?: string;
  /** The conflicts of a restore. */
  readonly conflicts?: readonly RestoreConflict[];
}

/** The request may be answered at another time, or once something was repaired. */
const NOT_NOW = [
  HistoryUnavailableError,
  StalePlanError,
  EvidenceNotCoveredError,
  EvidenceChangedError,
  EvidenceMissingError,
] as const;

/** Null for an error that is not the caller's. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof InvalidQueryError) {
    return { ...ofAuditError(error, 400), parameter: String(error.data.parameter) };
  }
  if (error instanceof MissingReasonError) {
    return ofAuditError(error, 400);
  }
  if (error instanceof MissingActorError || error instanceof RestoreForbiddenError) {
    return ofAuditError(error, 403);
  }
  if (error instanceof NotAuditedError || error instanceof EvidenceOffError) {
    return ofAuditError(error, 404);
  }
  if (NOT_NOW.some((kind) => error instanceof kind)) {
    return ofAuditError(error as AuditError, 409);
  }
  if (error instanceof RestoreConflictError) {
    return { ...ofAuditError(error, 409), conflicts: error.conflicts };
  }
  if (error instanceof QueryTimeoutError) {
    return ofAuditError(error, 422);
  }
  if (error instanceof SequencerMissingError) {
    return ofAuditError(error, 503);
  }
  if (sqlState(error) === CANCELED) {
    return problemOf(new QueryTimeoutError());
  }
  if (isDataException(error)) {
    return problemOf(
      new InvalidQueryError('value', 'is not one that PostgreSQL can compare', 'Give a value of its type.'),
    );
  }
  if (error instanceof HttpException) {
    return statusProblem(error.getStatus(), error.message);
  }
  return null;
}

/** A `statement_timeout` of the role or the server was shorter than that of the module. */
const CANCELED = '57014';

/** Class 22 of PostgreSQL: a value that came with the query is out of range, or no value of its type. */
function isDataException(error: unknown): boolean {
  return /^22[0-9A-Z]{3}$/.test(sqlState(error));
}

function sqlState(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** A problem that only its status tells apart. */
export function statusProblem(status: number, detail: string): Problem {
  return problem(status, `AUDIT_HTTP_${status}`, detail);
}

/** Says nothing of the error: it may name what the caller may not know. */
export const INTERNAL_PROBLEM: Problem = problem(500, 'AUDIT_HTTP_500', 'The server could not answer.');

function ofAuditError(error: AuditError, status: number): Problem {
  return problem(status, error.code, error.message.replace(`[${error.code}] `, ''));
}

function problem(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code };
}

/** Answers with a problem, on Express and Fastify alike. */
export function sendProblem(adapter: AbstractHttpAdapter, response: object, problem: Problem): void {
  adapter.setHeader(response, 'content-type', 'application/problem+json; charset=utf-8');
  adapter.setHeader(response, 'cache-control', 'no-store');
  adapter.reply(response, JSON.stringify(problem), problem.status);
}
