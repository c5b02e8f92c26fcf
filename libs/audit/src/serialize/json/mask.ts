import { createHmac } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../model/json.js';
import type { MaskKind } from '../../policy/policy-declaration.js';
import { canonicalJson } from './canonical-json.js';

const minLast4Length = 8;
const hashHexLength = 32;
const redacted: JsonObject = Object.freeze({ $mask: Object.freeze({ kind: 'redact' }) });

/** A value that was hidden when it was recorded. */
export class MaskedValue {
  constructor(
    readonly kind: MaskKind,
    /** Four characters for `last4`, 32 hex digits for `hash`, null for `redact`. */
    readonly value: string | null,
  ) {}
}

/**
 * Hides an encoded value: `{"$mask":{"kind":"redact"}}`, `{"$mask":{"kind":"last4","value":"1234"}}` or
 * `{"$mask":{"kind":"hash","value":"<32 hex>"}}` (HMAC-SHA256 over the canonical JSON, first 128 bits).
 * Null stays null. Redacts whenever the kind cannot be done: `hash` without a key, `last4` of anything that is not a
 * text or number of at least 8 characters.
 */
export function maskValue(kind: MaskKind, value: JsonValue, hashKey: string | undefined): JsonValue {
  if (value === null) {
    return null;
  }
  if (kind === 'last4') {
    return maskLast4(value);
  }
  // An empty key would make the hash one that anybody can compute.
  if (kind === 'hash' && hashKey !== undefined && hashKey !== '') {
    const digest = createHmac('sha256', hashKey).update(canonicalJson(value)).digest('hex');
    return maskTag('hash', digest.slice(0, hashHexLength));
  }
  return redacted;
}

/** The stored form of a masked value. */
export function encodeMask(masked: MaskedValue): JsonObject {
  return masked.value === null ? redacted : maskTag(masked.kind, masked.value);
}

/** The masked value that a `$mask` payload describes; null when it is not such a payload. */
export function decodeMask(payload: JsonObject): MaskedValue | null {
  const { kind, value } = payload;
  if (kind === 'redact' && value === undefined) {
    return new MaskedValue(kind, null);
  }
  if ((kind === 'last4' || kind === 'hash') && typeof value === 'string') {
    return new MaskedValue(kind, value);
  }
  return null;
}

function maskLast4(value: JsonValue): JsonValue {
  if (typeof value !== 'string' && typeof value !== 'number') {
    return redacted;
  }
  const text = String(value);
  // Characters are code points, of at most two code units: this many units always hold enough of them.
  const start = [...text.slice(0, 2 * minLast4Length)];
  return start.length < minLast4Length ? redacted : maskTag('last4', [...text.slice(-8)].slice(-4).join(''));
}

function maskTag(kind: MaskKind, value: string): JsonObject {
  return { $mask: { kind, value } };
}
