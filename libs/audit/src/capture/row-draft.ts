import type { Operation } from '../model/change.js';
import type { ChangeLabels } from '../model/change-labels.js';
import type { ChangeRecord } from '../model/change-record.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import { jsonEquals } from '../serialize/canonical-json.js';
import type { EntityCodec } from '../serialize/entity-codec.js';
import { hidesValue } from '../serialize/hides-value.js';
import type { EntityValues } from './flush-subject.js';

/** A change in the making: unmasked JSON by property name, before it is known whether the change is one at all. */
export interface RowDraft {
  readonly codec: EntityCodec;
  readonly operation: Operation;
  readonly entityId: string;
  readonly root: { readonly rootType: string; readonly rootId: string } | null;
  readonly before: ReadonlyMap<string, JsonValue>;
  readonly after: ReadonlyMap<string, JsonValue>;
  /** Links, already in the form of the trail, by relation name. */
  readonly linksBefore?: JsonObject;
  readonly linksAfter?: JsonObject;
  /** Absent where no entity is at hand. */
  readonly labels?: ChangeLabels | null;
  /** What of `after` only the database knows; absent when nothing. */
  readonly unresolved?: ReadonlyMap<string, JsonValue | undefined>;
}

/** A draft whose values after the change are partly known only to the database. */
export interface OpenDraft extends RowDraft {
  readonly entity: object;
  readonly after: Map<string, JsonValue>;
  /** What was sent, by the names of what is unresolved; undefined where nothing, or an SQL expression, was sent. */
  readonly unresolved: ReadonlyMap<string, JsonValue | undefined>;
  /** The row before, where it was read; undefined where it was not. */
  readonly rowBefore?: EntityValues | undefined;
  /** Key after the change, in database form. */
  readonly key: EntityValues;
  /** Key that an update is sent to, in database form; absent for a create. */
  readonly keyBefore?: EntityValues | undefined;
  readonly schema: string | undefined;
}

/**
 * The change as it is stored: masked and by property path. Null for an update that changes nothing, that is whose
 * values are equal in meaning.
 */
export function toRecord(draft: RowDraft): ChangeRecord | null {
  const { codec, operation, entityId, root } = draft;
  const before: Record<string, JsonValue> = { ...draft.linksBefore };
  const after: Record<string, JsonValue> = { ...draft.linksAfter };
  for (const [name, property] of codec.properties) {
    const was = draft.before.get(name);
    const is = draft.after.get(name);
    if (operation === 'update') {
      if (was === undefined || is === undefined || (jsonEquals(was, is) && !hidesValue(is))) {
        continue;
      }
    }
    if (was !== undefined) {
      before[property.property.path] = property.mask(was);
    }
    if (is !== undefined) {
      after[property.property.path] = property.mask(is);
    }
  }
  if (operation === 'update' && Object.keys(before).length + Object.keys(after).length === 0) {
    return null;
  }
  return {
    entityType: codec.policy.entityType,
    entityId,
    rootType: root?.rootType ?? null,
    rootId: root?.rootId ?? null,
    operation,
    before: operation === 'create' ? null : before,
    after: operation === 'delete' ? null : after,
    ...(draft.labels ? { labels: draft.labels } : {}),
  };
}
