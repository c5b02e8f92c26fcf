import { Inject, Injectable, Optional } from '@nestjs/common';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import { NoAuditContextError } from '../errors/context-errors.js';
import type { Actor } from '../model/actor.js';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../options/audit-options.js';
import type { AuditJournal } from './audit-journal.js';
import {
  type ContextValues,
  type CurrentContext,
  mergeValues,
  NO_CONTEXT,
  type RequestReaders,
} from './context-values.js';
import { openEnvelope, sealEnvelope, workerValues } from './envelope.js';
import { usedOnce } from './envelope-use.js';
import { ContextScope, runningScope, runScoped, type Suspension } from './scope.js';
import { runUnaudited, type SuspensionOptions } from './suspension.js';
import { TRACE_READER, type TraceIds, type TraceReader, traceparentIds } from './trace.js';

/**
 * Who acts, why and from where, for everything that runs inside. Carried by AsyncLocalStorage, so it follows
 * promises, timers and streams, and parallel requests never share one.
 */
@Injectable()
export class AuditContext {
  private journal: AuditJournal | null = null;
  private readonly readers: RequestReaders = {
    reason: (request) => this.reasonOf(request),
    trace: (request) => this.traceOf(request),
  };

  constructor(
    @Optional() @Inject(RESOLVED_OPTIONS) private readonly options?: ResolvedAuditOptions,
    @Optional() @Inject(TRACE_READER) private readonly readTrace?: TraceReader | null,
  ) {}

  /**
   * Runs `fn` with these values; inside another context they override it, key by key, and end with `fn`.
   * An actor that is not given here is that of the outer context.
   */
  run<T>(values: ContextValues, fn: () => T): T {
    return runScoped(new ContextScope(runningScope.getStore(), values), fn);
  }

  /**
   * Adds values to the running context, from here on.
   * @throws NoAuditContextError outside any context
   */
  assign(values: ContextValues): void {
    const scope = runningScope.getStore();
    if (!scope) {
      throw new NoAuditContextError();
    }
    scope.assign(values);
  }

  /**
   * The context now; null outside any. Its actor is that of the request as it is at this moment, null when nobody is
   * known; reading it asks the `resolveActor` option, and throws what that throws.
   *
   * Reading the actor of an **asynchronous** `resolveActor` option throws ActorPendingError, until something has awaited it:
   * use `await actor()`.
   */
  current(): CurrentContext | null {
    return runningScope.getStore()?.current(this.readers) ?? null;
  }

  /**
   * The context with its actor; a promise only where the `resolveActor` option gives one. All null outside any context.
   * @throws ActorResolutionError when the `resolveActor` option fails
   * @internal
   */
  resolved(): CurrentContext | Promise<CurrentContext> {
    return runningScope.getStore()?.resolved(this.readers) ?? { ...NO_CONTEXT, ...this.traceOf(undefined) };
  }

  /**
   * The actor, whether the `resolveActor` option is asynchronous or not; null when nobody is known, and outside any context.
   * @throws ActorResolutionError when the `resolveActor` option fails
   */
  async actor(): Promise<Actor | null> {
    return (await runningScope.getStore()?.actor()) ?? null;
  }

  /**
   * Records an action once for all processes that share the trail: the first who claims it under a correlation id has it.
   * @returns whether it was the first
   * @throws MissingActorError, AuditWriteError
   * @internal
   */
  claim(values: ContextValues & Required<Pick<ContextValues, 'action' | 'correlationId'>>): Promise<boolean> {
    // Of what runs, only where it comes from: with other metadata it would be another claim.
    const { origin } = this.current() ?? {};
    const scope = new ContextScope(undefined, { ...values, ...(origin ? { origin } : {}) });
    return runningScope.run(scope, () => this.journalFor('claim').claim());
  }

  /**
   * The running context as a short signed text, for a message or a job that continues it elsewhere. It is not
   * encrypted. Very long texts are cut, very large metadata left out.
   * @throws AuditConfigurationError without the option `envelope`
   * @throws NoAuditContextError outside any context
   * @throws ActorResolutionError when the `resolveActor` option fails
   */
  async toEnvelope(): Promise<string> {
    const { keys, ttl } = this.envelopeOptions('serialize');
    if (!runningScope.getStore()) {
      throw new NoAuditContextError('serialize');
    }
    return sealEnvelope(await this.resolved(), keys[0] ?? '', ttl, Date.now());
  }

  /**
   * Continues the context of an envelope: same correlation id, origin, action, reason and metadata, with this process
   * as the actor, on behalf of whoever acted there. Nothing of a context that runs here holds inside.
   * @param values override what the envelope says; an actor that is not given is the `worker` of the option `envelope`
   * @throws EnvelopeRefusedError when it is forged, expired, oversized or of another version; `fn` does not run then
   * @throws AuditConfigurationError without the option `envelope`, and where that says `once`
   */
  runWithEnvelope<T>(envelope: unknown, fn: () => T, values: ContextValues = {}): T {
    const { keys, worker, once } = this.envelopeOptions('runWithEnvelope');
    if (once) {
      throw new AuditConfigurationError(
        'AuditContext.runWithEnvelope() was called, but envelopes of this application can be used once only.',
        'Call runWithEnvelopeOnce(), or leave once out of AuditModule.forRoot({ envelope }).',
      );
    }
    const opened = openEnvelope(envelope, keys, Date.now());
    return runScoped(new ContextScope(undefined, mergeValues(workerValues(opened, worker), values)), fn);
  }

  /**
   * Like `runWithEnvelope`, for an envelope that has not been used: two revisions of the action `audit.open-envelope` at most say that it
   * was, and that `fn` has failed, after which the envelope can be used again. The first one is written before `fn` runs, in a
   * transaction of its own, so call it outside of any. An envelope whose work was cut off stays used.
   * @throws EnvelopeUsedError when its work was done, or has begun and not failed; `fn` does not run then
   * @throws EnvelopeRefusedError, AuditConfigurationError as `runWithEnvelope` does
   * @throws AuditWriteError when it cannot be recorded; `fn` does not run then
   */
  async runWithEnvelopeOnce<T>(
    envelope: unknown,
    fn: () => T | Promise<T>,
    values: ContextValues = {},
  ): Promise<T> {
    const { keys, worker } = this.envelopeOptions('runWithEnvelopeOnce');
    const opened = openEnvelope(envelope, keys, Date.now());
    const merged = mergeValues(workerValues(opened, worker), values);
    const use = { ...merged, id: opened.id, correlationId: opened.values.correlationId };
    return usedOnce(use, this.journalFor('runWithEnvelopeOnce'), () =>
      runScoped(new ContextScope(undefined, merged), fn),
    );
  }

  /**
   * Runs `fn` without auditing what it writes, also what it awaits, but nothing beside it. That it happens is recorded
   * before it starts (action `audit.suspend`) and after it has ended (`audit.resume`, with how many entities were
   * written and how it ended), each in a transaction of its own.
   * @throws MissingReasonError without a reason
   * @throws SuspensionForbiddenError when the option `allowWithoutAuditing` is false
   * @throws AuditWriteError when it cannot be recorded; `fn` does not run then
   */
  withoutAuditing<T>(options: SuspensionOptions, fn: () => T | Promise<T>): Promise<T> {
    const isAllowed = this.options?.allowWithoutAuditing !== false;
    return runUnaudited({ ...options, isAllowed }, this.journalFor('withoutAuditing'), fn);
  }

  /**
   * The call of `withoutAuditing()` that is going on; null when everything is audited.
   * @internal
   */
  suspension(): Suspension | null {
    return runningScope.getStore()?.suspension ?? null;
  }

  /**
   * The action that must have a reason here; null when none must.
   * @internal
   */
  needsReason(): string | null {
    return runningScope.getStore()?.needsReason ?? null;
  }

  /**
   * The records of what this context has looked at, of one trail; those that last no longer than the call outside any context.
   * @internal
   */
  looksInto<Look>(trail: object): Map<string, Look> {
    const looks = runningScope.getStore()?.looks;
    const known = (looks?.get(trail) ?? new Map()) as Map<string, Look>;
    looks?.set(trail, known);
    return known;
  }

  /** @internal */
  useJournal(journal: AuditJournal): void {
    this.journal = journal;
  }

  private journalFor(method: string): AuditJournal {
    if (!this.journal) {
      throw new AuditConfigurationError(
        `AuditContext.${method}() was called where no AuditModule is.`,
        'Inject AuditContext in an application that imports AuditModule.forRoot().',
      );
    }
    return this.journal;
  }

  private reasonOf(request: unknown): string | null {
    return request === undefined ? null : (this.options?.reasonFrom?.(request) ?? null);
  }

  /** The trace of OpenTelemetry, else that of the request. */
  private traceOf(request: unknown): TraceIds | null {
    const { headers } = (request ?? {}) as RequestHeaders;
    return this.readTrace?.() ?? traceparentIds(headers?.traceparent);
  }

  private envelopeOptions(method: string): NonNullable<ResolvedAuditOptions['envelope']> {
    const envelope = this.options?.envelope;
    if (!envelope) {
      throw new AuditConfigurationError(
        `AuditContext.${method}() was called, but AuditModule has no keys to sign envelopes with.`,
        'Give AuditModule.forRoot({ envelope: { keys: [secret] } }) a secret that the sending and the receiving process share.',
      );
    }
    return envelope;
  }
}

interface RequestHeaders {
  readonly headers?: { readonly traceparent?: unknown };
}
