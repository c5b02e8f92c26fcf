import type { ChangeLabels } from '../../model/change-labels.js';
import type { ChangeRecord } from '../../model/change-record.js';
import type { JsonObject, JsonValue } from '../../model/json.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import { keyText } from '../../serialize/entity/key-text.js';
import { jsonEquals } from '../../serialize/json/canonical-json.js';
import { hidesValue } from '../../serialize/json/hides-value.js';
import { encodeMask, MaskedValue } from '../../serialize/json/mask.js';
import { hasKeyPart } from '../orm/change-set-facts.js';
import type { Draft, LinkSides } from './draft.js';
import type { Wholes } from './part-of.js';

const HIDDEN_LINKS = encodeMask(new MaskedValue('redact', null));

/**
 * The change as it is stored: masked and by property path. Null for an update that changes nothing, that is whose
 * values are equal in meaning.
 */
export function toRecord(draft: Draft, wholes: Wholes, labels: ChangeLabels | null): ChangeRecord | null {
  const { codec, operation, entityId } = draft;
  const links = draft.links && storedLinks(draft, draft.links);
  const sides = operation === 'update' ? differences(draft) : draft;
  const before = storedSide(codec, sides.before, links?.before);
  const after = storedSide(codec, sides.after, links?.after);
  if (operation === 'update' && isEmpty(before) && isEmpty(after)) {
    return null;
  }
  return {
    entityType: codec.policy.entityType,
    entityId,
    partOfType: wholes.whole?.partOfType ?? null,
    partOfId: wholes.whole?.partOfId ?? null,
    operation,
    before: operation === 'create' ? null : before,
    after: operation === 'delete' ? null : after,
    labels,
    partOfIdBefore: wholes.partOfIdBefore,
    renamedTo: operation === 'update' ? newIdOf(draft) : null,
  };
}

/** The properties whose values before and after are known and not the same. */
function differences({ before, after }: Draft): Pick<Draft, 'before' | 'after'> {
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

/**
 * Links by the name of their relation. Of a masked one both sides of an update are hidden: which of them there is would
 * tell whether links came or went.
 */
function storedLinks({ codec, operation }: Draft, links: LinkSides): LinkSides {
  const names = new Set([...Object.keys(links.before), ...Object.keys(links.after)]);
  const masked = [...names].filter((name) => codec.policy.collections.get(name)?.isMasked);
  const hide = (side: JsonObject): JsonObject => {
    const hidden = masked.filter((name) => operation === 'update' || name in side);
    return { ...side, ...Object.fromEntries(hidden.map((name) => [name, HIDDEN_LINKS])) };
  };
  return masked.length === 0 ? links : { before: hide(links.before), after: hide(links.after) };
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
function newIdOf({ codec, entityId, after }: Draft): string | null {
  const { meta } = codec.policy;
  if (!hasKeyPart(after, meta)) {
    return null;
  }
  const { primaryKeys } = meta;
  const old = codec.keyOf(entityId) as JsonObject | undefined;
  const id = keyText(primaryKeys.map((name) => after[name] ?? old?.[name] ?? null));
  return id === entityId ? null : id;
}
