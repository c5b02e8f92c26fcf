import type { JsonValue } from '../model/json.js';
import { isDifferent } from '../query/state/value-difference.js';
import { isLinkDifference, linkIds } from '../serialize/entity/links.js';
import { jsonEquals } from '../serialize/json/canonical-json.js';
import type { PropertyCodec } from '../serialize/property/property-codec.js';
import type { StoredChange } from '../store/audit-store.js';
import type { ConflictLog } from './conflict-log.js';
import { fillNewRow } from './new-row.js';
import { computedBy, unrestorable } from './restorable-value.js';
import type { RestoreDraft } from './restore-draft.js';
import { areHidden, LinkUndo } from './restore-target.js';
import { SinceCheck } from './since-check.js';

const WHY = {
  masked: 'masked',
  incomplete: 'not recorded in full',
  'not-writable': 'a time that MikroORM cannot send',
} as const;

/** Compares what an entity is to be with what it is: decides what is to be done, and notes what is in the way. */
export function compareDraft(draft: RestoreDraft, log: ConflictLog): void {
  const { target, live, name } = draft;
  const since = new SinceCheck(draft, log);
  if (target.goal === 'absent') {
    draft.operation = live ? 'delete' : 'none';
    if (live) {
      since.wholeEntity();
    }
    return;
  }
  if (live && target.undone?.operation === 'delete') {
    log.block(target, null, {
      acceptable: true,
      kind: 'entity-exists',
      message: `${name} exists again, so it is not created; accepted, it is left as it is.`,
    });
    return;
  }
  if (!live && target.goal === 'partial') {
    log.block(target, null, {
      acceptable: true,
      kind: 'entity-gone',
      message: `${name} does not exist any more, so nothing of it can be set back; accepted, it is left out.`,
    });
    return;
  }
  noteLostProperties(draft, log);
  noteGaps(draft, log);
  if (live) {
    draft.operation = 'update';
    compareValues(draft, log, since);
    compareLinks(draft, log, since);
  } else {
    draft.operation = 'create';
    since.deletion();
    fillNewRow(draft, log);
  }
}

function noteLostProperties({ target, name }: RestoreDraft, log: ConflictLog): void {
  for (const path of target.values.keys()) {
    if (!target.codec.ofPath(path) && !target.policy.collections.has(path)) {
      log.notice(target, path, {
        kind: 'property-gone',
        message: `"${path}" of ${name} does not exist or is not audited any more, so it is left out.`,
      });
    }
  }
}

function noteGaps({ target, name }: RestoreDraft, log: ConflictLog): void {
  for (const { path, since, until } of target.gaps.filter((gap) => target.values.has(gap.path))) {
    const after = since ? `after revision ${since.revisionId}` : 'before the recorded history';
    log.notice(target, path, {
      kind: 'history-gap',
      changeId: until.id,
      revisionId: until.revisionId,
      message: `Something that is not audited changed "${path}" of ${name} ${after}; what revision ${until.revisionId} found is restored.`,
    });
  }
}

function compareValues(draft: RestoreDraft, log: ConflictLog, since: SinceCheck): void {
  const { target, live } = draft;
  for (const [path, then] of target.values) {
    const property = target.codec.ofPath(path);
    if (property && !(then instanceof LinkUndo) && !property.property.prop.primary) {
      compareValue(draft, property, then, live?.values.get(path) ?? null, log, since);
    }
  }
}

function compareValue(
  draft: RestoreDraft,
  codec: PropertyCodec,
  then: JsonValue,
  now: JsonValue,
  log: ConflictLog,
  since: SinceCheck,
): void {
  const { target, name } = draft;
  const { path, prop } = codec.property;
  const reason = unrestorable(codec.decode(then), prop);
  if (!isDifferent(codec, then, now) && !(reason === 'masked' && since.newer(path))) {
    return;
  }
  const computed = computedBy(prop) ?? (prop.onUpdate ? 'computed' : null);
  if (computed) {
    log.notice(target, path, {
      kind: computed,
      message: `"${path}" of ${name} is ${computed === 'computed' ? 'made by the database or a hook' : 'the lock version'}, so it is not set back.`,
    });
  } else if (reason) {
    log.notice(target, path, {
      kind: 'value-unknown',
      reason,
      becomes: 'unchanged',
      message: `The earlier value of "${path}" of ${name} is ${WHY[reason]}, so it stays as it is.`,
    });
  } else {
    draft.writes.set(path, then);
    since.value(codec, now);
  }
}

function compareLinks(draft: RestoreDraft, log: ConflictLog, since: SinceCheck): void {
  const { target, live } = draft;
  for (const [relation, { ordered, isMasked }] of target.policy.collections) {
    const wanted = target.values.get(relation);
    if (wanted === undefined) {
      continue;
    }
    if (isMasked || areHidden(target, relation)) {
      noteHiddenLinks(draft, relation, log, since);
      continue;
    }
    const now = live?.links.get(relation) ?? [];
    const then = wanted instanceof LinkUndo ? wanted.applyTo(now) : (linkIds(wanted) ?? []);
    const isSame = ordered
      ? jsonEquals([...now], [...then])
      : new Set(now).symmetricDifference(new Set(then)).size === 0;
    if (!isSame) {
      draft.links.set(relation, then);
      since.links(relation, now, ordered);
    }
  }
}

function noteHiddenLinks(
  { target, name }: RestoreDraft,
  relation: string,
  log: ConflictLog,
  since: SinceCheck,
): void {
  if (target.undone || since.newer(relation)) {
    log.notice(target, relation, {
      kind: 'value-unknown',
      reason: 'masked',
      becomes: 'unchanged',
      message: `The targets of "${relation}" of ${name} are masked, so its links stay as they are.`,
    });
  }
}

/** The links that a stored change gives to undo it. */
export function linkUndoOf(
  change: Pick<StoredChange, 'before' | 'after'>,
  path: string,
): JsonValue | LinkUndo {
  const [before, after] = [change.before?.[path] ?? null, change.after?.[path] ?? null];
  return isLinkDifference(before) || isLinkDifference(after)
    ? new LinkUndo(linkIds(before) ?? [], linkIds(after) ?? [])
    : before;
}
