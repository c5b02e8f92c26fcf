import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { InvalidQueryError } from '../errors/query-errors.js';
import type { RestoreConflictKind } from '../model/restore-conflict.js';
import type { RestoreRequest } from '../model/restore-plan.js';

const PREFIX = 'r2';
/** Signatures of this library for other purposes, with the same key, are none of a token. */
const PURPOSE = 'nestjs-mikro-audit restore token\n';
const NONCE_BYTES = 16;

/** The content of a token: the request, and whether a plan depends on the same as the one that it was made for. */
export interface RestoreToken {
  readonly request: RestoreRequest;
  isOf(basis: string): boolean;
}

/**
 * Makes and reads the tokens of plans: `r2.<payload>.<HMAC-SHA256>`. A plan depends on values that whoever gets its token may
 * not see, so the digest of them is keyed, and another one each time: it can neither be tried out nor compared.
 */
export class RestoreTokens {
  /** @param keys the first one signs, all are accepted */
  constructor(private readonly keys: readonly string[]) {}

  encode(request: RestoreRequest, basis: string): string {
    const [key = ''] = this.keys;
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    const content = JSON.stringify([request, nonce, signatureOf(nonce + basis, key)]);
    const payload = `${PREFIX}.${Buffer.from(content).toString('base64url')}`;
    return `${payload}.${signatureOf(payload, key)}`;
  }

  /** @throws InvalidQueryError for a text that is no token, or one that none of the keys has signed */
  decode(token: string): RestoreToken {
    const [prefix, content, signature, ...others] = typeof token === 'string' ? token.split('.') : [];
    const payload = `${prefix}.${content}`;
    const key = this.keys.find((one) => isEqual(signature, signatureOf(payload, one)));
    const parsed = content !== undefined && others.length === 0 ? parse(content) : null;
    if (prefix !== PREFIX || !Array.isArray(parsed) || !isRequest(parsed[0])) {
      throw new InvalidQueryError(
        'token',
        'is not one of a restore plan',
        'Pass the token of a plan, unchanged.',
      );
    }
    if (key === undefined) {
      throw new InvalidQueryError(
        'token',
        'was changed, or was made by a process with another key',
        'Plan again; several processes need the same "restoreKeys" of AuditModule.',
      );
    }
    const [request, nonce, digest] = parsed as [RestoreRequest, string, string];
    return { request, isOf: (basis) => isEqual(digest, signatureOf(nonce + basis, key)) };
  }
}

function signatureOf(text: string, key: string): string {
  return createHmac('sha256', key).update(PURPOSE).update(text).digest('base64url');
}

function isEqual(given: string | undefined, expected: string): boolean {
  const [one, other] = [Buffer.from(given ?? ''), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function parse(encoded: string): unknown {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64url').toString());
  } catch {
    return null;
  }
}

/** A token may come from anywhere, so its shape is checked; what it asks for is looked up as any other request. */
function isRequest(value: unknown): value is RestoreRequest {
  if (!isRecord(value) || typeof value.instance !== 'string' || !isTexts(value.accept)) {
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
