import type { Actor } from '../model/actor.js';
import type { JsonObject } from '../model/json.js';
import type { Origin } from '../model/revision.js';
import type { TraceIds } from './trace.js';

/** The things to tell the trail about the changes that follow. Everything is optional. */
export interface ContextValues {
  /** Who acts; given here, it is not resolved from a request. */
  readonly actor?: Actor;
  readonly onBehalfOf?: Actor;
  /** How the actor proved who it is, such as `password` or `mtls`. */
  readonly authenticationMethod?: string;
  /** Business intent, such as `invoice.approve`. */
  readonly action?: string;
  /** Why. */
  readonly reason?: string;
  readonly origin?: Partial<Origin>;
  readonly correlationId?: string;
  /** Plain JSON; merged key by key with what the context has. */
  readonly metadata?: JsonObject;
  /**
   * The revision whose state the changes bring back.
   * @internal
   */
  readonly restoredRevisionId?: string;
}

/** The context at this moment. */
export interface CurrentContext {
  /** Null when nobody is known to act. */
  readonly actor: Actor | null;
  readonly onBehalfOf: Actor | null;
  readonly authenticationMethod: string | null;
  readonly action: string | null;
  readonly reason: string | null;
  readonly origin: Origin | null;
  readonly correlationId: string | null;
  /** W3C ids of the trace that is going on; null when nothing is traced. */
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly metadata: JsonObject | null;
  /** @internal */
  readonly restoredRevisionId: string | null;
}

/** The first one wins; the second may fill what it leaves open. */
export function completeContext(first: CurrentContext | null, second: CurrentContext): CurrentContext {
  if (first === null) {
    return second;
  }
  return {
    actor: first.actor ?? second.actor,
    onBehalfOf: first.onBehalfOf ?? second.onBehalfOf,
    authenticationMethod: first.authenticationMethod ?? second.authenticationMethod,
    action: first.action ?? second.action,
    reason: first.reason ?? second.reason,
    origin: first.origin ?? second.origin,
    correlationId: first.correlationId ?? second.correlationId,
    traceId: first.traceId ?? second.traceId,
    spanId: first.traceId === null ? second.spanId : first.spanId,
    metadata: first.metadata ?? second.metadata,
    restoredRevisionId: first.restoredRevisionId ?? second.restoredRevisionId,
  };
}

/**
 * Whether what is done in a second context can be told as done by whoever acts in the first: the same actor, for the same
 * principal, or nobody that is known. Changes by nobody before are not ascribed to an actor who comes later. `known` of the write
 * statement asks the same of what is stored.
 */
export function mayBeOfOneActor(first: CurrentContext, second: CurrentContext): boolean {
  const isNobody = second.actor === null || (second.actor.type === 'unknown' && second.actor.id === null);
  return isNobody || (isSame(first.actor, second.actor) && isSame(first.onBehalfOf, second.onBehalfOf));
}

/** Labels may have changed meanwhile. */
function isSame(one: Actor | null, other: Actor | null): boolean {
  return one?.type === other?.type && one?.id === other?.id;
}

/** Callers without `exactOptionalPropertyTypes` pass undefined for what they do not give. */
function given<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

export const EMPTY_ORIGIN: Origin = Object.freeze({
  source: null,
  ip: null,
  userAgent: null,
  method: null,
  route: null,
  handler: null,
});

/** The values of an inner scope over those of the one around it. */
export function mergeValues(base: ContextValues, over: ContextValues): ContextValues {
  const { authenticationMethod, ...others } = base;
  return {
    // It says how the actor of the base proved who it is, nothing of another one.
    ...(over.actor || authenticationMethod === undefined ? others : base),
    ...given(over),
    ...(base.origin && over.origin ? { origin: { ...base.origin, ...given(over.origin) } } : {}),
    ...(base.metadata && over.metadata ? { metadata: { ...base.metadata, ...over.metadata } } : {}),
  };
}

/** Where nothing is known. */
export const NO_CONTEXT: CurrentContext = Object.freeze({
  actor: null,
  onBehalfOf: null,
  authenticationMethod: null,
  action: null,
  reason: null,
  origin: null,
  correlationId: null,
  traceId: null,
  spanId: null,
  metadata: null,
  restoredRevisionId: null,
});

/** Reads from a request what no value of the context says. */
export interface RequestReaders {
  /** Null when the request gives no reason. */
  reason(request: unknown): string | null;
  /** Null when nothing is traced. */
  trace(request: unknown): TraceIds | null;
}

export const NO_READERS: RequestReaders = { reason: () => null, trace: () => null };
