import type { Actor, ActorType } from '../../model/actor.js';
import type { Operation } from '../../model/change.js';
import type { ChangeLabels } from '../../model/change-labels.js';
import type { JsonObject } from '../../model/json.js';
import type { Origin, Outcome, RevisionBrief, RevisionOf } from '../../model/revision.js';
import { REVISION_ID } from './revision-rows.js';
import type { ChangeOfRevision, StoredChange, StoredRevision, TrailRow } from './stored-change.js';

/** Select list of a change, alias `c`. Ids are cast to text, because a bigint does not fit a JavaScript number. */
export const CHANGE_COLUMNS = `c.id::text as id, ${REVISION_ID}::text as revision_id, c.entity_type, c.entity_id,
  c.part_of_type, c.part_of_id, c.operation, c.before, c.after, c.labels, c.part_of_id_before, c.renamed_to`;

/** Select list of who, when and why, alias `r`. The time is cast, so that no type parser of the app gets in between. */
export const BRIEF_SELECT = `r.id::text as revision_id,
  (extract(epoch from r.recorded_at) * 1000)::float8 as recorded_at,
  r.actor_type, r.actor_id, r.actor_label, r.on_behalf_of, r.action, r.reason,
  r.restored_revision_id::text as restored_revision_id`;

/** Select list of a revision, alias `r`. */
export const REVISION_COLUMNS = `${BRIEF_SELECT},
  r.transaction_id::text as transaction_id, r.authentication_method, r.outcome, r.origin, r.correlation_id, r.trace_id, r.span_id, r.metadata`;

export interface ChangeRow {
  readonly id: string;
  readonly revision_id: string;
  readonly entity_type: string;
  readonly entity_id: string;
  readonly part_of_type: string | null;
  readonly part_of_id: string | null;
  readonly operation: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly labels: ChangeLabels | null;
  readonly part_of_id_before: string | null;
  readonly renamed_to: string | null;
}

/** Who, when and why of a change. */
export interface BriefRow {
  readonly revision_id: string;
  readonly recorded_at: number | string;
  readonly actor_type: string;
  readonly actor_id: string | null;
  readonly actor_label: string | null;
  readonly on_behalf_of: Actor | null;
  readonly action: string | null;
  readonly reason: string | null;
  readonly restored_revision_id: string | null;
}

export interface RevisionRow extends BriefRow {
  readonly transaction_id: string;
  readonly authentication_method: string | null;
  readonly outcome: string;
  readonly origin: Origin | null;
  readonly correlation_id: string | null;
  readonly trace_id: string | null;
  readonly span_id: string | null;
  readonly metadata: JsonObject | null;
}

export function toStoredChange(row: ChangeRow): StoredChange {
  return {
    id: row.id,
    revisionId: row.revision_id,
    entityType: row.entity_type,
    entityId: row.entity_id,
    partOfType: row.part_of_type,
    partOfId: row.part_of_id,
    operation: row.operation as Operation,
    before: row.before,
    after: row.after,
    labels: row.labels,
    partOfIdBefore: row.part_of_id_before,
    renamedTo: row.renamed_to,
  };
}

/** @param row without the columns of `RevisionRow` where no details are wanted */
export function toChangeOfRevision<Details extends boolean>(
  row: ChangeRow & RevisionRow,
  details: Details,
): ChangeOfRevision<RevisionOf<Details>> {
  const revision = details ? toStoredRevision(row) : toBrief(row);
  return { change: toStoredChange(row), revision: revision as RevisionOf<Details> };
}

export function toTrailRow(row: ChangeRow & RevisionRow): TrailRow {
  // Either there is no row of a change, or it is that of an action, which has no entity.
  const isAction = (row.entity_type as string | null) === null;
  return { change: isAction ? null : toStoredChange(row), revision: toStoredRevision(row) };
}

export function toBrief(row: BriefRow): RevisionBrief {
  return {
    id: row.revision_id,
    recordedAt: new Date(Number(row.recorded_at)),
    actor: { type: row.actor_type as ActorType, id: row.actor_id, label: row.actor_label },
    onBehalfOf: row.on_behalf_of,
    action: row.action,
    reason: row.reason,
    restoredRevisionId: row.restored_revision_id,
  };
}

export function toStoredRevision(row: RevisionRow): StoredRevision {
  return {
    ...toBrief(row),
    transactionId: row.transaction_id,
    authenticationMethod: row.authentication_method,
    outcome: row.outcome as Outcome,
    origin: row.origin && inOrder(row.origin),
    correlationId: row.correlation_id,
    traceId: row.trace_id,
    spanId: row.span_id,
    metadata: row.metadata,
  };
}

/** As its type has them: PostgreSQL keeps the members of JSON in an order of its own. */
function inOrder({ source, ip, userAgent, method, route, handler }: Origin): Origin {
  return { source, ip, userAgent, method, route, handler };
}
