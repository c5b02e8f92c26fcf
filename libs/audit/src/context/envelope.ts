import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  EnvelopeExpiredError,
  EnvelopeForgedError,
  EnvelopeOversizedError,
  EnvelopeVersionError,
} from '../errors/envelope-errors.js';
import type { Actor } from '../model/actor.js';
import type { ContextValues, CurrentContext } from './context-values.js';
import { safeActor, safeId, safeMetadata, safeOrigin, safeText } from './safe-context.js';

const VERSION = 'mikro-audit.1';
/** Envelopes travel in message headers, whose size brokers limit. */
const MAX_LENGTH = 16_384;
const MAX_REASON = 1_024;
/** Of the payload, which base64 makes a third longer. */
const MAX_PAYLOAD_BYTES = 12_000;
const MAX_VERSION_SHOWN = 32;
const ID_BYTES = 16;
/** Signatures of this library for other purposes, with the same key, are none of an envelope. */
const PURPOSE = 'nestjs-mikro-audit context envelope\n';

/** The part of a context that an envelope carries. */
export interface OpenedEnvelope {
  /** No other envelope has it. */
  readonly id: string;
  /** Who acted; null when nobody was known. */
  readonly actor: Actor | null;
  readonly values: ContextValues & Required<Pick<ContextValues, 'correlationId'>>;
}

interface EnvelopePayload extends OpenedEnvelope {
  /** Seconds since 1970. */
  readonly exp: number;
}

/**
 * Signs a context: `mikro-audit.1.<payload>.<HMAC-SHA256>`, base64url. Long texts are cut; metadata that still does
 * not fit are left out and say so. It is signed, not encrypted.
 * @param ttl seconds
 */
export function sealEnvelope(context: CurrentContext, key: string, ttl: number, now: number): string {
  const id = randomBytes(ID_BYTES).toString('base64url');
  const exp = Math.floor(now / 1000) + ttl;
  const payload = (metadata: CurrentContext['metadata']): Buffer =>
    Buffer.from(JSON.stringify({ id, exp, ...contentOf(context, metadata, id) } satisfies EnvelopePayload));
  const metadata = context.metadata && safeMetadata(context.metadata);
  const whole = payload(metadata);
  const fitting = whole.length > MAX_PAYLOAD_BYTES ? payload({ '\u2026': '\u2026' }) : whole;
  const signed = `${VERSION}.${fitting.toString('base64url')}`;
  return `${signed}.${signatureOf(signed, key)}`;
}

/**
 * @param keys any of them may have signed
 * @throws EnvelopeRefusedError when it is forged, expired, oversized or of another version
 */
export function openEnvelope(envelope: unknown, keys: readonly string[], now: number): OpenedEnvelope {
  if (typeof envelope !== 'string') {
    throw new EnvelopeForgedError();
  }
  if (envelope.length > MAX_LENGTH) {
    throw new EnvelopeOversizedError(envelope.length, MAX_LENGTH);
  }
  const end = envelope.lastIndexOf('.');
  const signed = envelope.slice(0, end);
  // The texts are compared, not the bytes they stand for: base64 has several texts for the same bytes.
  const isSigned =
    signed.startsWith(`${VERSION}.`) &&
    keys.some((key) => isEqual(envelope.slice(end + 1), signatureOf(signed, key)));
  if (!isSigned) {
    throw refusalOf(envelope);
  }
  // From here on it is what one of our keys has signed.
  const payload = Buffer.from(signed.slice(VERSION.length + 1), 'base64url').toString();
  const { exp, ...opened } = JSON.parse(payload) as EnvelopePayload;
  if (exp * 1000 <= now) {
    throw new EnvelopeExpiredError(new Date(exp * 1000));
  }
  return opened;
}

/**
 * The context while the work of an envelope is continued. The work is done for the actor there; a program that
 * itself acted for somebody is only one more hop.
 */
export function workerValues(
  { actor, values }: { readonly actor: Actor | null; readonly values: ContextValues },
  worker: Actor,
): ContextValues {
  const isProgram = actor?.type === 'system' || actor?.type === 'service';
  const principal = isProgram ? (values.onBehalfOf ?? actor) : (actor ?? values.onBehalfOf);
  const { onBehalfOf: _principal, ...others } = values;
  return { ...others, actor: worker, ...(principal ? { onBehalfOf: principal } : {}) };
}

/** @param id correlates what is done with the envelope where nothing else does */
function contentOf(
  context: CurrentContext,
  metadata: CurrentContext['metadata'],
  id: string,
): Pick<OpenedEnvelope, 'actor' | 'values'> {
  const text = (value: string | null) => safeText(value, MAX_REASON) ?? undefined;
  const { actor, onBehalfOf, origin } = context;
  return {
    actor: actor && safeActor(actor),
    values: {
      onBehalfOf: onBehalfOf ? safeActor(onBehalfOf) : undefined,
      action: text(context.action),
      reason: text(context.reason),
      origin: origin ? safeOrigin(origin) : undefined,
      correlationId: safeId(context.correlationId) ?? id,
      metadata: metadata ?? undefined,
    } as OpenedEnvelope['values'],
  };
}

/** An envelope of another version is signed in a way that is not known here, so that is said first. */
function refusalOf(envelope: string): EnvelopeForgedError | EnvelopeVersionError {
  const [, version] = /^(mikro-audit\.[\da-z]+)\./i.exec(envelope.slice(0, MAX_VERSION_SHOWN)) ?? [];
  return version !== undefined && version !== VERSION
    ? new EnvelopeVersionError(version)
    : new EnvelopeForgedError();
}

function signatureOf(signed: string, key: string): string {
  return createHmac('sha256', key).update(PURPOSE).update(signed).digest('base64url');
}

function isEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
