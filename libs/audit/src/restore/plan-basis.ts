import type { JsonValue } from '../model/json.js';
import type { RestorePlan } from '../model/restore-plan.js';
import { canonicalJson } from '../serialize/json/canonical-json.js';
import type { RestoreDraft } from './restore-draft.js';
import type { AffectedRow, RestoreGuard } from './restore-guard.js';

/**
 * Everything that must be the same when the plan is carried out, as a text. Values that are hidden from whoever restores are not set
 * either, so nothing depends on them.
 */
export function planBasis(
  shown: Omit<RestorePlan, 'token' | 'blocked'>,
  drafts: readonly RestoreDraft[],
  affected: readonly AffectedRow[] | null,
  guard: RestoreGuard | null,
): string {
  const basis = {
    ...shown,
    drafts: drafts.map((draft) => basisOf(draft, guard)),
    affected: affected?.map(({ table: { meta, place }, entityId }) => [
      meta.className,
      entityId,
      place.schema,
    ]),
  };
  // Undefined members do not count.
  return canonicalJson(JSON.parse(JSON.stringify(basis)) as JsonValue);
}

function basisOf({ target, live, trail }: RestoreDraft, guard: RestoreGuard | null): unknown {
  const { entityType } = target.policy;
  const seen = <Value>(members: ReadonlyMap<string, Value> | undefined) =>
    [...(members ?? [])].filter(([path]) => !guard?.hides(entityType, path));
  const values = seen(live?.values).map(([path, value]) => [
    path,
    target.codec.ofPath(path)?.mask(value) ?? value,
  ]);
  return {
    type: entityType,
    id: target.entityId,
    newest: trail.newest?.id ?? null,
    live: live && { values, links: seen(live.links) },
  };
}
