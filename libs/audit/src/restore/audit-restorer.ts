import type { EntityManager } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import { AuditContext } from '../context/audit-context.js';
import { RestoreConflictError, StalePlanError } from '../errors/restore-errors.js';
import type { RestorePlan, RestoreRequest, RestoreResult } from '../model/restore-plan.js';
import { storedTypes } from '../query/terms/change-decoder.js';
import type { DraftedPlan } from './drafted-plan.js';
import { type GivenValues, valuesFor } from './given-values.js';
import { LiveReader } from './live-reader.js';
import { LiveRestorePlanner } from './live-restore-planner.js';
import { decodeToken } from './restore-token.js';
import { RestoreWriter } from './restore-writer.js';

/** How a plan is carried out. */
export interface ApplyOptions {
  /**
   * Joins the transaction of this EntityManager, if it has one. What it has loaded is not touched: refresh it afterwards.
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

/** Carries out plans of `AuditReader`, through MikroORM, so that hooks run and the restore is itself a revision. */
@Injectable()
export class AuditRestorer {
  constructor(
    @Inject(LiveRestorePlanner) private readonly planner: LiveRestorePlanner,
    @Inject(AuditContext) private readonly context: AuditContext,
  ) {}

  /**
   * Plans anew under locks, compares with the plan, and does what it says in one transaction. Of the plan only the token is
   * looked at.
   * @throws StalePlanError when anything that the plan depends on has changed: a change of one of its entities, a row
   *   that differs, a conflict that came or went
   * @throws RestoreConflictError when conflicts block it
   * @throws InvalidQueryError when the token is none
   */
  async apply(
    plan: Pick<RestorePlan, 'token'>,
    { em: given, reason, values: others }: ApplyOptions = {},
  ): Promise<RestoreResult> {
    const { request, digest } = decodeToken(plan.token);
    const values = valuesFor(request, plan, others);
    const base = given ?? this.planner.instanceOf(request).policies.orm.em.getContext(false);
    const isOutermost = base.getTransactionContext() === undefined;
    const em = base.fork({ clear: true, keepTransactionContext: true });
    let transactionId = '';
    const done = await em.transactional(async (inner) => {
      const drafted = await this.locked(request, digest, values);
      transactionId = await idOf(inner);
      await this.context.run(valuesOf(drafted, reason), () =>
        new RestoreWriter(inner, drafted.drafts).write(),
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
   * @throws StalePlanError, InvalidQueryError as `apply` does
   */
  async review(token: string, { values }: Pick<ApplyOptions, 'values'> = {}): Promise<RestorePlan> {
    const { request, digest } = decodeToken(token);
    return (await this.current(request, digest, valuesFor(request, {}, values))).plan;
  }

  /**
   * What a token asks for, so that it can be decided who may.
   * @throws InvalidQueryError when the token is none
   */
  requestOf(token: string): RestoreRequest {
    return decodeToken(token).request;
  }

  private async locked(request: RestoreRequest, digest: string, values: GivenValues): Promise<DraftedPlan> {
    const { instance, drafts } = await this.current(request, digest, values);
    const [existing, missing] = [true, false].map((isThere) =>
      drafts.flatMap(({ target, live }) => ((live !== null) === isThere ? [target] : [])),
    );
    await new LiveReader(instance).lock(existing ?? [], missing ?? []);
    const drafted = await this.current(request, digest, values);
    const blocking = drafted.plan.conflicts.filter(({ severity }) => severity === 'blocking');
    if (blocking.length > 0) {
      throw new RestoreConflictError(nameOf(request), blocking);
    }
    return drafted;
  }

  private async current(request: RestoreRequest, digest: string, values: GivenValues): Promise<DraftedPlan> {
    const drafted = await this.planner.draft(request, values);
    if (drafted.digest !== digest) {
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
