import type { EntityManager, EntityName } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import { AuditContext } from '../context/audit-context.js';
import { InvalidQueryError } from '../errors/query-errors.js';
import { RestoreConflictError, StalePlanError } from '../errors/restore-errors.js';
import type { EntityKey } from '../model/change.js';
import type { RestorePlan, RestoreRequest, RestoreResult } from '../model/restore-plan.js';
import { storedTypes } from '../query/terms/change-decoder.js';
import type { DraftedPlan } from './drafted-plan.js';
import { valuesFor } from './given-values.js';
import { LiveReader } from './live-reader.js';
import type { AcceptOptions, LimitOptions, RestoreOptions, UndeleteOptions } from './restore-options.js';
import { type RequestOptions, RestorePlanner } from './restore-planner.js';
import { type RestoreToken, RestoreTokens } from './restore-token.js';
import { RestoreWriter } from './restore-writer.js';

/** How a plan is carried out. */
export interface ApplyOptions extends LimitOptions {
  /**
   * Joins the transaction of this EntityManager, if it has one. Entities that it has loaded are not touched: refresh it afterwards.
   * @default that of the running request or transaction
   */
  readonly em?: EntityManager;
  /**
   * Stored with the revision.
   * @default that of the running context
   */
  readonly reason?: string;
  /**
   * The values that the plan was made with. A token does not hold them.
   * @default those of the plan, if it was made in this process
   */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** Changes that came later than those of the restore, among which its revision is looked for. */
const NEWEST = 20;

/** Plans restores and carries them out through MikroORM, so that hooks run and the restore is itself a revision. */
@Injectable()
export class AuditRestorer {
  constructor(
    @Inject(RestorePlanner) private readonly planner: RestorePlanner,
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(RestoreTokens) private readonly tokens: RestoreTokens,
  ) {}

  /**
   * The plan to restore an entity to an earlier state: everything that would change, and everything in the way. Where it did not exist then, the
   * plan is to delete it. Nothing is changed: pass the plan to `apply`.
   * @throws NotAuditedError, HistoryUnavailableError, InvalidQueryError as `AuditReader.asOf` does, and for a
   *   property that the trail does not hold
   */
  plan<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    options: RestoreOptions<Entity>,
  ): Promise<RestorePlan> {
    return this.planner.planState(entity, id, options);
  }

  /**
   * The plan to create a deleted entity anew, as it was before its last delete, and to link others to it again: all that it
   * would change, and what is in the way.
   * @throws NotAuditedError, HistoryUnavailableError as `AuditReader.asOf` does
   * @throws InvalidQueryError when the newest change of the entity is no delete
   */
  planUndelete<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    options: UndeleteOptions = {},
  ): Promise<RestorePlan> {
    return this.planner.planUndelete(entity, id, options);
  }

  /**
   * The plan to undo everything that a revision did: it deletes the entities that the revision created, creates those that it
   * deleted and sets back those that it changed, links included.
   * @throws InvalidQueryError when there is no such revision
   */
  planUndo(revisionId: string, options: AcceptOptions = {}): Promise<RestorePlan> {
    return this.planner.planUndo(revisionId, options);
  }

  /**
   * Plans anew under locks, compares with the plan, and does what it says in one transaction. Of the plan only the token is
   * looked at.
   * @throws StalePlanError when anything that the plan depends on has changed: a change of one of its entities, a row
   *   that differs, a conflict that came or went
   * @throws RestoreConflictError when conflicts block it
   * @throws RestoreForbiddenError when it goes beyond the limits
   * @throws InvalidQueryError when the token is invalid, or `em` is of another database
   */
  async apply(
    plan: Pick<RestorePlan, 'token'>,
    { em: given, reason, values: others, limits }: ApplyOptions = {},
  ): Promise<RestoreResult> {
    const token = this.tokens.decode(plan.token);
    const { request } = token;
    const options = { values: valuesFor(request, plan, others), limits };
    const { orm } = this.planner.instanceOf(request).policies;
    if (given && given.config !== orm.config) {
      throw new InvalidQueryError(
        'em',
        `is not of the MikroORM configuration "${request.instance}", of which the plan is`,
        'Give an EntityManager of that one, or none.',
      );
    }
    const base = given ?? orm.em.getContext(false);
    const isOutermost = base.getTransactionContext() === undefined;
    const em = base.fork({ clear: true, keepTransactionContext: true });
    let transactionId = '';
    const done = await em.transactional(async (inner) => {
      const drafted = await this.locked(token, options);
      transactionId = await idOf(inner);
      await this.context.run(valuesOf(drafted, reason), () =>
        new RestoreWriter(inner, drafted.instance, drafted.drafts).write(),
      );
      return drafted;
    });
    return {
      revisionId: isOutermost ? await revisionIdOf(done, transactionId) : null,
      steps: done.plan.steps,
    };
  }

  /**
   * The plan of a token, made anew.
   * @param options.values those that the plan was made with
   * @throws StalePlanError, InvalidQueryError, RestoreForbiddenError as `apply` does
   */
  async review(
    token: string,
    { values, limits }: Pick<ApplyOptions, 'values' | 'limits'> = {},
  ): Promise<RestorePlan> {
    const decoded = this.tokens.decode(token);
    const options = { values: valuesFor(decoded.request, {}, values), limits };
    return { ...(await this.current(decoded, options)).plan, token };
  }

  /**
   * The request in a token, so that it can be decided who may make it.
   * @throws InvalidQueryError when the token is invalid
   */
  requestOf(token: string): RestoreRequest {
    return this.tokens.decode(token).request;
  }

  private async locked(token: RestoreToken, options: RequestOptions): Promise<DraftedPlan> {
    const { instance, drafts } = await this.current(token, options);
    const [existing, missing] = [true, false].map((isThere) =>
      drafts.flatMap(({ target, live }) => ((live !== null) === isThere ? [target] : [])),
    );
    await new LiveReader(instance).lock(existing ?? [], missing ?? []);
    const drafted = await this.current(token, { ...options, locks: true });
    const blocking = drafted.plan.conflicts.filter(({ severity }) => severity === 'blocking');
    if (blocking.length > 0) {
      throw new RestoreConflictError(nameOf(token.request), blocking);
    }
    return drafted;
  }

  private async current(
    { request, isOf }: RestoreToken,
    options: Parameters<RestorePlanner['draft']>[1],
  ): Promise<DraftedPlan> {
    const drafted = await this.planner.draft(request, options);
    if (!isOf(drafted.basis)) {
      throw new StalePlanError(nameOf(request));
    }
    return drafted;
  }
}

function nameOf(request: RestoreRequest): string {
  return request.kind === 'entity'
    ? `${request.entityType} ${request.entityId}`
    : `revision ${request.revisionId}`;
}

function valuesOf({ plan: { restoredRevisionId } }: DraftedPlan, reason: string | undefined) {
  return {
    ...(restoredRevisionId === null ? {} : { restoredRevisionId }),
    ...(reason === undefined ? {} : { reason }),
  };
}

async function idOf(em: EntityManager): Promise<string> {
  const rows: readonly { readonly id: string }[] = await em
    .getConnection('write')
    .execute('select pg_current_xact_id()::text as id', [], 'all', em.getTransactionContext());
  return rows[0]?.id ?? '';
}

/** The revision that a transaction has become; null when it has changed nothing. */
async function revisionIdOf(
  { instance, drafts }: DraftedPlan,
  transactionId: string,
): Promise<string | null> {
  const changed = drafts.find(({ operation }) => operation !== 'none');
  if (!changed) {
    return null;
  }
  const { policy, entityId } = changed.target;
  const found = await instance.store.history({
    entityTypes: storedTypes([policy]),
    entityId,
    beforeId: null,
    limit: NEWEST,
    details: true,
  });
  return found.find(({ revision }) => revision.transactionId === transactionId)?.revision.id ?? null;
}
