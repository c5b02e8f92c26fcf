import { ForbiddenException, Inject, Injectable, NotFoundException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RestoreForbiddenError } from '../../errors/restore-errors.js';
import type { JsonObject } from '../../model/json.js';
import type { Outcome } from '../../model/revision.js';
import type { TrailReadAction } from '../../model/trail-read.js';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../../options/audit-options.js';
import { AuditCatalog } from '../../query/terms/audit-catalog.js';
import { SecretNames } from '../../serialize/text/secret-names.js';
import { AuditRecorder } from '../../write/audit-recorder.js';
import { type AuditPermission, RequiredPermission } from '../access/audit-access.js';
import { ReaderRefusals } from '../limits/reader-refusals.js';
import { askedOf, type RoutedRequest } from './read-request.js';

/** How requests to a route are recorded. */
interface RecordedReadOptions {
  readonly action: TrailReadAction;
  /** False where an answer leaves a revision by itself, so that only denials have to be recorded. */
  readonly whenServed: boolean;
}

/** Records requests to a route in the trail. Those to a route without it leave nothing there. */
export const RecordedRead = Reflector.createDecorator<RecordedReadOptions>();

/** Injection token of what is recorded: all, nothing, or the reads that need one of some actions. */
export const RECORD_TRAIL_READS = Symbol('nestjs-mikro-audit:record-reads');

// biome-ignore lint/complexity/noBannedTypes: what Nest calls a handler
type Handler = Function;

/** Records who asked what of the trail. */
@Injectable()
export class TrailReads {
  private readonly isHidden: (name: string) => boolean;

  constructor(
    @Inject(AuditRecorder) private readonly recorder: AuditRecorder,
    @Inject(AuditCatalog) private readonly catalog: AuditCatalog,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(RECORD_TRAIL_READS) private readonly recorded: boolean | readonly AuditPermission[],
    @Inject(ReaderRefusals) private readonly refusals: ReaderRefusals,
    @Inject(RESOLVED_OPTIONS) { secrets, hiddenProperties }: ResolvedAuditOptions,
  ) {
    const names = new SecretNames(secrets);
    this.isHidden = (name) => hiddenProperties.has(name) || names.isSecret(name);
  }

  /** @throws AuditWriteError, MissingActorError: what cannot be recorded must not be answered */
  async served(handler: Handler, request: RoutedRequest): Promise<void> {
    const { action, whenServed } = this.reflector.get(RecordedRead, handler) ?? {};
    if (action && whenServed) {
      await this.record(handler, action, 'success', request);
    }
  }

  /**
   * Turns a reader away who was refused too often.
   * @throws HttpException with 429
   * @throws AuditWriteError
   */
  async admit(handler: Handler, request: RoutedRequest): Promise<void> {
    const { action } = this.reflector.get(RecordedRead, handler) ?? {};
    if (action && this.records(handler)) {
      await this.refusals.assertFew((why) =>
        this.record(handler, action, 'denied', request, { detail: why }),
      );
    }
  }

  /**
   * Records a denial, and that something was not found; nothing for other errors, after which nothing was shown.
   * @throws HttpException with 429 when the reader was refused too often
   * @throws AuditWriteError
   */
  async refused(handler: Handler, request: RoutedRequest, error: unknown): Promise<void> {
    const { action } = this.reflector.get(RecordedRead, handler) ?? {};
    const refusal = refusalOf(error);
    if (action && refusal && this.records(handler)) {
      const { outcome, detail } = refusal;
      await this.refusals.count((why) => this.record(handler, action, 'denied', request, { detail: why }));
      await this.record(handler, action, outcome, request, { detail });
    }
  }

  /**
   * Records something else of a request, if requests to its route are recorded at all.
   * @throws AuditWriteError
   * @throws MissingActorError for a success, where the option `requireActor` asks for an actor
   */
  async record(
    handler: Handler,
    action: TrailReadAction,
    outcome: Outcome,
    request: RoutedRequest,
    more: JsonObject = {},
  ): Promise<void> {
    if (!this.records(handler)) {
      return;
    }
    // In the transaction that runs, if there is one: its connection could be the last of the pool.
    const em = this.catalog
      .all()
      .map(({ policies }) => policies.orm.em.getContext(false))
      .find((one) => one.isInTransaction());
    await this.recorder.record(
      { action, outcome, metadata: { trailRead: { ...askedOf(request, this.isHidden), ...more } } },
      em ? { em } : {},
    );
  }

  private records(handler: Handler): boolean {
    const required = this.reflector.get(RequiredPermission, handler);
    return typeof this.recorded === 'boolean'
      ? this.recorded
      : this.recorded.some((action) => action === required);
  }
}

/** Null for an error that refuses nothing. */
function refusalOf(error: unknown): { readonly outcome: Outcome; readonly detail: string } | null {
  if (error instanceof ForbiddenException || error instanceof RestoreForbiddenError) {
    return { outcome: 'denied', detail: error.message };
  }
  return error instanceof NotFoundException ? { outcome: 'failure', detail: error.message } : null;
}
