import type { EntityProperty } from '@mikro-orm/core';
import type { ConflictOf } from '../model/restore-conflict.js';
import { linkIds } from '../serialize/entity/links.js';
import type { ConflictLog } from './conflict-log.js';
import { takeGiven } from './given-values.js';
import { computedBy, storedProperties, unrestorable, valueWithout } from './restorable-value.js';
import type { RestoreDraft } from './restore-draft.js';
import { areHidden, LinkUndo } from './restore-target.js';

type Unrecorded = Exclude<ConflictOf<'value-unknown'>['reason'], 'hidden'>;

const REASONS: Readonly<Record<Unrecorded, string>> = {
  masked: 'is masked in the trail',
  incomplete: 'is not recorded in full',
  'not-audited': 'is not audited',
  'not-recorded': 'was not recorded then',
  'not-writable': 'was a time that MikroORM cannot send',
};

const RESULTS: Readonly<Record<ConflictOf<'value-unknown'>['becomes'], string>> = {
  unchanged: 'it stays as it is',
  null: 'it becomes null',
  default: 'it gets its default',
  hook: 'a hook or the database gives it a value',
  nothing: 'there is nothing that a new row could get',
};

/** MikroORM's word for `generated always as identity`. */
const ALWAYS_GENERATED = 'identity';

/** The values of a row that is created anew, and what is not known of it. */
export function fillNewRow(draft: RestoreDraft, log: ConflictLog): void {
  const { target } = draft;
  for (const codec of target.codec.properties.values()) {
    const { property } = codec;
    const value = target.values.get(property.path);
    if (value === undefined || value instanceof LinkUndo) {
      noteUnknown(draft, property.path, property.prop, 'not-recorded', log);
      continue;
    }
    if (property.prop.primary && property.prop.generated === ALWAYS_GENERATED) {
      log.block(target, property.path, {
        acceptable: false,
        kind: 'computed',
        message: `The key of ${draft.name} is always made by the database, so that it cannot have its old one.`,
      });
    }
    const reason = unrestorable(codec.decode(value), property.prop);
    if (computedBy(property.prop) === null) {
      if (reason) {
        noteUnknown(draft, property.path, property.prop, reason, log);
      } else {
        draft.writes.set(property.path, value);
      }
    }
  }
  noteUnaudited(draft, log);
  for (const relation of target.policy.collections.keys()) {
    const value = target.values.get(relation);
    if (areHidden(target, relation)) {
      log.block(target, relation, {
        acceptable: true,
        kind: 'value-unknown',
        reason: 'masked',
        becomes: 'null',
        message: `The targets of "${relation}" of ${draft.name} are masked in the trail; accepted, the new row has no such links.`,
      });
    }
    const ids = value === undefined || value instanceof LinkUndo ? undefined : linkIds(value);
    if (ids && ids.length > 0) {
      draft.links.set(relation, ids);
    }
  }
}

function noteUnaudited(draft: RestoreDraft, log: ConflictLog): void {
  const { policy } = draft.target;
  for (const prop of storedProperties(policy.meta)) {
    const isDiscriminator = prop.name === policy.meta.root.discriminatorColumn;
    if (!policy.properties.has(prop.name) && !isDiscriminator) {
      noteUnknown(draft, prop.name, prop, 'not-audited', log);
    }
  }
}

function noteUnknown(
  draft: RestoreDraft,
  path: string,
  prop: EntityProperty,
  reason: Unrecorded,
  log: ConflictLog,
): void {
  if (takeGiven(draft, path, prop)) {
    return;
  }
  const becomes = valueWithout(prop);
  const details: Pick<ConflictOf<'value-unknown'>, 'kind' | 'reason' | 'becomes' | 'message'> = {
    kind: 'value-unknown',
    reason,
    becomes,
    message: `"${path}" of ${draft.name} ${REASONS[reason]}, and ${RESULTS[becomes]}.`,
  };
  const hadValue = reason === 'masked' || reason === 'incomplete' || reason === 'not-writable';
  if (becomes === 'nothing' || hadValue) {
    log.block(draft.target, path, { acceptable: becomes !== 'nothing', ...details });
  } else {
    log.notice(draft.target, path, details);
  }
}
