import { InvalidQueryError } from '../errors/query-errors.js';
import type { RestorePlan, RestoreRequest } from '../model/restore-plan.js';
import { RowMap } from '../model/row-map.js';
import { assertNoRow } from '../query/state/live-row.js';
import type { PastState } from '../query/state/past-state.js';
import { PastStates } from '../query/state/past-states.js';
import type { AuditedInstance } from '../query/terms/audit-catalog.js';
import { describePoint, momentOf } from '../query/terms/point-in-time.js';
import type { Moment, StoredChange } from '../store/audit-store.js';
import { ChildTargets } from './child-targets.js';
import { ConflictLog, type ConflictSubject } from './conflict-log.js';
import { compareDraft } from './draft-comparison.js';
import { assertTaken, type GivenValues, givenTo } from './given-values.js';
import { LiveReader } from './live-reader.js';
import { planBasis } from './plan-basis.js';
import { PlanContext } from './plan-context.js';
import { stepOf } from './plan-steps.js';
import { PointTargets, selectedPaths } from './point-targets.js';
import { realEffect } from './real-effect.js';
import { checkReferences } from './reference-check.js';
import { RestoreDraft } from './restore-draft.js';
import { type RestoreGuard, refuse } from './restore-guard.js';
import { pointOf } from './restore-moment.js';
import { type RestoreTarget, rowOf } from './restore-target.js';
import { attachingTargets, revisionTargets } from './revision-targets.js';
import { checkTargets } from './target-check.js';
import { presences, type TrailPresence } from './trail-presence.js';
import { checkUniques } from './unique-check.js';

/** A plan with what is needed to carry it out. */
export interface DraftedPlan {
  readonly plan: Omit<RestorePlan, 'token'>;
  /** All that the plan depends on, as a text to compare. It is not for whoever asks. */
  readonly basis: string;
  readonly instance: AuditedInstance;
  readonly drafts: readonly RestoreDraft[];
}

type EntityRequest = Extract<RestoreRequest, { kind: 'entity' }>;
type RevisionRequest = Extract<RestoreRequest, { kind: 'revision' }>;

/** How a plan is made. */
export interface DraftOptions {
  readonly values: GivenValues;
  /** Null when it is for nobody in particular. */
  readonly guard: RestoreGuard | null;
  /** Whether rows behind a delete must stay as they are until the transaction ends. */
  readonly locks: boolean;
}

interface Targets {
  readonly targets: readonly RestoreTarget[];
  /** That is restored; null when a revision is undone. */
  readonly moment: Moment | null;
  readonly restoredRevisionId: string | null;
}

const NOTHING: TrailPresence = { newest: undefined, changedBy: new Map(), values: new Map(), label: null };

/** @throws InvalidQueryError, HistoryUnavailableError, RestoreForbiddenError */
export async function draftPlan(
  instance: AuditedInstance,
  request: RestoreRequest,
  { values, guard, locks }: DraftOptions,
): Promise<DraftedPlan> {
  const log = new ConflictLog(new Set(request.accept));
  const { targets, moment, restoredRevisionId } =
    request.kind === 'entity'
      ? await entityTargets(instance, request, log, guard)
      : await undoTargets(instance, request, log, guard);
  await guard?.assertTargets(targets, moment);
  const live = await new LiveReader(instance).read(targets);
  const trail = await presences(instance, targets);
  const drafts = targets.map((target, at) => {
    const row = rowOf(target.policy, target.entityId);
    const given = at === 0 ? givenTo(target, values, instance) : undefined;
    const now = live.get(row) ?? null;
    const settable = guard?.settable(target, now, log) ?? target;
    return new RestoreDraft(settable, now, trail.get(row) ?? NOTHING, given);
  });
  for (const draft of drafts) {
    compareDraft(draft, log);
    assertTaken(draft);
  }
  const context = new PlanContext(instance, drafts, guard);
  await checkTargets(drafts, context, log);
  await checkUniques(drafts, context, log);
  const affected = guard ? await realEffect(drafts, context, locks) : [];
  const missing = (await guard?.missingFor(affected)) ?? [];
  refuse(request.accept.includes('still-referenced') ? missing : []);
  await checkReferences(drafts, context, log, missing.length === 0);
  for (const draft of drafts) {
    draft.settle();
  }
  const revisions = await instance.store.search.revisionsOf(log.revisionIds);
  const shown = {
    request,
    restoredRevisionId,
    steps: drafts.map(stepOf),
    conflicts: log.complete(revisions),
  };
  const basis = planBasis(shown, drafts, affected, guard);
  const blocked = shown.conflicts.some(({ severity }) => severity === 'blocking');
  return { plan: { ...shown, blocked }, basis, instance, drafts };
}

async function entityTargets(
  instance: AuditedInstance,
  request: EntityRequest,
  log: ConflictLog,
  guard: RestoreGuard | null,
): Promise<Targets> {
  const { entityType, entityId, to, properties, withChildren } = request;
  const own = instance.policies.ofType(entityType);
  const family = own ? instance.policies.family(own.meta.class) : [];
  if (!own) {
    throw new InvalidQueryError('token', `names "${entityType}", which is not audited`, 'Plan again.');
  }
  guard?.assertProperties(properties ?? [], family);
  const moment = await momentOf(pointOf(to), instance.store);
  const past = new PastStates(instance, moment, guard?.scope ?? null);
  const points = new PointTargets(instance, past);
  const paths = properties && selectedPaths(properties, family, instance);
  const traced = await past.trace(family, [entityId]);
  const state = traced.get(entityId) ?? null;
  if (!state) {
    // Not to be taken for one that was created later.
    await assertNoRow(instance, family, entityId, describePoint(pointOf(to)));
  }
  if (paths && !state) {
    throw new InvalidQueryError(
      'properties',
      `are those of ${entityType} ${entityId}, which did not exist at ${describePoint(pointOf(to))}`,
      'Leave properties out to plan its deletion, or give another point.',
    );
  }
  if (state && state.entityId !== entityId) {
    noteKey(state, { policy: own, entityId }, request, log);
  }
  const asked = points.target(state, own, entityId, paths);
  const presence = (await presences(instance, [asked])).get(rowOf(asked.policy, entityId));
  // Asked for by the name of a base class, it may be of a subclass.
  const present = presence?.newest && instance.policies.ofType(presence.newest.entityType);
  const root = asked.goal === 'absent' ? points.target(null, present ?? own, entityId, null) : asked;
  const targets = [root];
  const together = await deletedTogether(instance, root, presence);
  if (withChildren) {
    const deletes = together.filter(({ operation }) => operation === 'delete');
    const children = new ChildTargets(instance, points, new LiveReader(instance), deletes);
    targets.push(...(await children.below([root])));
  }
  targets.push(...detached(instance, together, targets, withChildren));
  return { targets, moment, restoredRevisionId: revisionOf(request, root, presence) };
}

/** A key is never set back; what belonged to the entity belonged to it under that key. */
function noteKey(
  state: PastState,
  subject: ConflictSubject,
  { withChildren }: EntityRequest,
  log: ConflictLog,
): void {
  const { entityType } = subject.policy;
  const then = `${entityType} ${subject.entityId} had the key ${state.entityId} then, which is not restored`;
  if (withChildren) {
    const message = `${then}, so what belonged to it cannot be either.`;
    log.block(subject, null, { acceptable: false, kind: 'key-changed', message });
  } else {
    log.notice(subject, null, { kind: 'key-changed', message: `${then}.` });
  }
}

/** The changes of the revision that deleted the entity that comes back; none when it is not deleted. */
async function deletedTogether(
  instance: AuditedInstance,
  { goal }: RestoreTarget,
  presence: TrailPresence | undefined,
): Promise<readonly StoredChange[]> {
  const { newest } = presence ?? NOTHING;
  const isBack = goal === 'present' && newest?.operation === 'delete';
  const found = isBack ? await instance.store.revision(newest.revisionId, null, null) : null;
  return found?.changes ?? [];
}

/** Links and references that the delete of the entities that come back has taken from others. */
function detached(
  instance: AuditedInstance,
  together: readonly StoredChange[],
  known: readonly RestoreTarget[],
  withReferences: boolean,
): readonly RestoreTarget[] {
  const rows = new RowMap(known.map((target) => [rowOf(target.policy, target.entityId), target]));
  return attachingTargets(known, together, instance, withReferences).filter(
    ({ policy, entityId }) => !rows.has(rowOf(policy, entityId)),
  );
}

/** The revision whose state comes back; of a moment before a revision that one; of a time before everything the first. */
function revisionOf(
  { to }: EntityRequest,
  root: RestoreTarget,
  presence: TrailPresence | undefined,
): string | null {
  if (!('at' in to)) {
    return 'revision' in to ? to.revision : to.beforeRevision;
  }
  const ids = [...root.restoredChanges.values()].map(({ revisionId, id }) => ({
    revisionId,
    id: BigInt(id),
  }));
  const newest = ids.reduce(
    (one, other) => (other.id > one.id ? other : one),
    ids[0] ?? { revisionId: null, id: 0n },
  );
  return newest.revisionId ?? presence?.newest?.revisionId ?? null;
}

async function undoTargets(
  instance: AuditedInstance,
  { revisionId }: RevisionRequest,
  log: ConflictLog,
  guard: RestoreGuard | null,
): Promise<Targets> {
  const found = await instance.store.revision(revisionId, null, null);
  if (!found) {
    throw new InvalidQueryError(
      'revision',
      `names ${revisionId}, which does not exist`,
      'Give the id of a revision of this trail.',
    );
  }
  await guard?.assertWhole(revisionId, found.changes);
  const targets = revisionTargets(found.changes, instance, log);
  return { targets, moment: null, restoredRevisionId: revisionId };
}
