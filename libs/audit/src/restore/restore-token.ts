import { createHash } from 'node:crypto';
import { InvalidQueryError } from '../errors/query-errors.js';
import type { JsonValue } from '../model/json.js';
import type { RestoreConflictKind } from '../model/restore-conflict.js';
import type { RestoreRequest } from '../model/restore-plan.js';
import { canonicalJson } from '../serialize/json/canonical-json.js';

const PREFIX = 'r1.';
const DIGEST = /^[\da-f]{64}$/;

/** What a token says: what was asked for, and what everything that the plan depended on came to. */
export interface RestoreToken {
  readonly request: RestoreRequest;
  readonly digest: string;
}

export function encodeToken({ request, digest }: RestoreToken): string {
  return PREFIX + Buffer.from(JSON.stringify([request, digest])).toString('base64url');
}

/** @throws InvalidQueryError for a text that is no token */
export function decodeToken(token: string): RestoreToken {
  const parsed =
    typeof token === 'string' && token.startsWith(PREFIX) ? parse(token.slice(PREFIX.length)) : null;
  if (!Array.isArray(parsed) || !isRequest(parsed[0]) || !isDigest(parsed[1])) {
    throw new InvalidQueryError(
      'token',
      'is not one of a restore plan',
      'Pass the token of a plan, unchanged.',
    );
  }
  return { request: parsed[0], digest: parsed[1] };
}

/** A digest of plain JSON in which undefined members do not count. */
export function digestOf(value: unknown): string {
  const json = JSON.parse(JSON.stringify(value)) as JsonValue;
  return createHash('sha256').update(canonicalJson(json)).digest('hex');
}

function parse(encoded: string): unknown {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64url').toString());
  } catch {
    return null;
  }
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && DIGEST.test(value);
}

/** A token may come from anywhere, so its shape is checked; what it asks for is looked up as any other request. */
function isRequest(value: unknown): value is RestoreRequest {
  if (!isRecord(value) || typeof value.context !== 'string' || !isTexts(value.accept)) {
    return false;
  }
  if (value.kind === 'revision') {
    return typeof value.revisionId === 'string';
  }
  return (
    value.kind === 'entity' &&
    typeof value.entityType === 'string' &&
    typeof value.entityId === 'string' &&
    typeof value.withChildren === 'boolean' &&
    (value.properties === null || isTexts(value.properties)) &&
    isTexts(value.given) &&
    isRecord(value.to) &&
    Object.values(value.to).length === 1 &&
    Object.entries(value.to).every(
      ([name, text]) => ['at', 'revision', 'beforeRevision'].includes(name) && typeof text === 'string',
    )
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly RestoreConflictKind[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
