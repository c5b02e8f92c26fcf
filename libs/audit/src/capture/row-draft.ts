import type { Operation } from '../model/change.js';
import type { ChangeLabels } from '../model/change-labels.js';
import type { ChangeRecord } from '../model/change-record.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { keyText } from '../serialize/entity/key-text.js';
import { jsonEquals } from '../serialize/json/canonical-json.js';
import { hidesValue } from '../serialize/json/hides-value.js';
import { type EntityValues, hasKeyPart } from './flush-subject.js';
import { type PolicyLookup, type Root, rootOf, rootRelation } from './root-of.js';

/** A change in the making: unmasked JSON by property name, before it is known whether the change is one at all. */
export interface RowDraft {
  readonly codec: EntityCodec;
  readonly operation: Operation;
  readonly entityId: string;
  /** Undefined when neither the change nor the entity tells. */
  readonly root: Root | null | undefined;
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** Links, already in the form of the trail, by relation name. */
  readonly linksBefore?: JsonObject;
  readonly linksAfter?: JsonObject;
  /** Absent where no entity is at hand. */
  readonly labels?: ChangeLabels | null;
  /** What of `after` only the database knows; absent when nothing. */
  readonly unresolved?: ReadonlyMap<string, JsonValue | undefined> | undefined;
}

/** The change of an entity that the unit of work has sent. */
export interface SentDraft extends RowDraft {
  readonly entity: object;
  readonly after: Record<string, JsonValue>;
  /** The row before, where it was read; undefined where it was not. */
  readonly rowBefore?: EntityValues | undefined;
  /** Values in database form that include the key after the change. */
  readonly key: EntityValues;
  /** Values in database form that include the key that an update is sent to; absent for a create. */
  readonly keyBefore?: EntityValues | undefined;
  readonly schema: string | undefined;
}

/** A draft whose values after the change are partly known only to the database. */
export interface OpenDraft extends SentDraft {
  /** What was sent, by the names of what is unresolved; undefined where nothing, or an SQL expression, was sent. */
  readonly unresolved: ReadonlyMap<string, JsonValue | undefined>;
}

/**
 * The change as it is stored: masked and by property path. Null for an update that changes nothing, that is whose
 * values are equal in meaning.
 */
export function toRecord(draft: RowDraft, policyOf: PolicyLookup): ChangeRecord | null {
  const { codec, operation, entityId } = draft;
  const sides = operation === 'update' ? differences(draft) : draft;
  const before = storedSide(codec, sides.before, draft.linksBefore);
  const after = storedSide(codec, sides.after, draft.linksAfter);
  if (operation === 'update' && isEmpty(before) && isEmpty(after)) {
    return null;
  }
  const { root, leftRootId } = rootsOf(draft, policyOf);
  const renamedTo = operation === 'update' ? newIdOf(draft) : null;
  return {
    entityType: codec.policy.entityType,
    entityId,
    rootType: root?.rootType ?? null,
    rootId: root?.rootId ?? null,
    operation,
    before: operation === 'create' ? null : before,
    after: operation === 'delete' ? null : after,
    labels: draft.labels ?? null,
    leftRootId,
    renamedTo,
  };
}

/** The properties whose values before and after are known and not the same. */
function differences({ before, after }: RowDraft): Pick<RowDraft, 'before' | 'after'> {
  const changedBefore: Record<string, JsonValue> = {};
  const changedAfter: Record<string, JsonValue> = {};
  for (const name of Object.keys(after)) {
    const was = before[name];
    const is = after[name];
    if (was !== undefined && is !== undefined && (hidesValue(is) || !jsonEquals(was, is))) {
      changedBefore[name] = was;
      changedAfter[name] = is;
    }
  }
  return { before: changedBefore, after: changedAfter };
}

/** Values by path, masked, and links. */
function storedSide(codec: EntityCodec, values: JsonObject, links: JsonObject | undefined): JsonObject {
  if (codec.isVerbatim && !links) {
    return values;
  }
  const stored: Record<string, JsonValue> = { ...links };
  for (const name of Object.keys(values)) {
    const property = codec.properties.get(name);
    const value = values[name];
    if (property && value !== undefined) {
      stored[property.property.path] = property.mask(value);
    }
  }
  return stored;
}

function isEmpty(values: JsonObject): boolean {
  for (const _ in values) {
    return false;
  }
  return true;
}

/** The entity id after a change of the primary key; null when the key stays. */
function newIdOf({ codec, entityId, after }: RowDraft): string | null {
  const { meta } = codec.policy;
  if (!hasKeyPart(after, meta)) {
    return null;
  }
  const { primaryKeys } = meta;
  const old = codec.keyOf(entityId) as JsonObject | undefined;
  const id = keyText(primaryKeys.map((name) => after[name] ?? old?.[name] ?? null));
  return id === entityId ? null : id;
}

/** What a changed entity is part of, and what it left; one that is detached stays in the story of what it left. */
function rootsOf(
  { codec, root, before, after }: RowDraft,
  policyOf: PolicyLookup,
): { readonly root: Root | null; readonly leftRootId: string | null } {
  const relation = rootRelation(codec.policy);
  const was = relation && before[relation.name];
  const is = relation && after[relation.name];
  if (!relation || (was === undefined && is === undefined)) {
    return { root: root ?? null, leftRootId: null };
  }
  const left = rootOf(relation, was ?? null, policyOf);
  const present = rootOf(relation, is ?? null, policyOf);
  const isMoved = left !== null && present !== null && left.rootId !== present.rootId;
  return { root: present ?? left, leftRootId: isMoved ? left.rootId : null };
}
