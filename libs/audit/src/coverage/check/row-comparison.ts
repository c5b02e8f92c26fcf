import type { JsonValue } from '../../model/json.js';
import { isDifferent } from '../../query/state/value-difference.js';
import type { LiveEntity } from '../../restore/live-reader.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import { encodeLinkList, encodeLinks, linkIds } from '../../serialize/entity/links.js';
import { jsonEquals } from '../../serialize/json/canonical-json.js';
import { hidesFrom, hidesValue } from '../../serialize/json/hides-value.js';
import { isJsonObject } from '../../serialize/json/json-shape.js';
import { readTag } from '../../serialize/json/value-tags.js';
import type { PropertyCodec } from '../../serialize/property/property-codec.js';

/** The entity as the trail has it now. */
export interface TrailState {
  /** Stored JSON by path. */
  readonly values: ReadonlyMap<string, JsonValue>;
  /** Whether its beginning is recorded: then what no change tells was never there. */
  readonly isTold: boolean;
}

/** A property or relation that the row does not have as the trail says; masked as the policy says. */
export interface Difference {
  readonly path: string;
  readonly trail?: JsonValue;
  readonly found?: JsonValue;
}

/** Compares a row and its links with what the trail has of it. Values that the trail hides are not compared. */
export function differences(codec: EntityCodec, state: TrailState, row: LiveEntity): readonly Difference[] {
  return [
    ...[...codec.properties.values()].flatMap((property) => ofProperty(property, state, row)),
    ...[...codec.policy.collections.keys()].flatMap((name) => ofLinks(codec, name, state, row)),
  ];
}

function ofProperty(codec: PropertyCodec, { values, isTold }: TrailState, row: LiveEntity): Difference[] {
  const { path } = codec.property;
  const recorded = values.get(path);
  const live = row.values.get(path) ?? null;
  if (recorded === undefined) {
    return isTold && live !== null ? [{ path, found: shown(codec, live) }] : [];
  }
  return isComparable(codec, recorded, live) && isDifferent(codec, recorded, live)
    ? [{ path, trail: shown(codec, recorded), found: shown(codec, live) }]
    : [];
}

/**
 * Whether two values tell whether they are the same. No mask hides that there is a value; a mask of the policy of now can be put on
 * the other one. A mask of another policy, or of a secret, cannot; what is beside a secret can.
 */
function isComparable({ property }: PropertyCodec, recorded: JsonValue, live: JsonValue): boolean {
  const tag = readTag(recorded);
  if (tag?.name === '$mask') {
    const kind = isJsonObject(tag.payload) ? tag.payload.kind : null;
    return live === null || kind === property.mask;
  }
  return recorded === null || live === null || !jsonEquals(recorded, live, hidesFrom);
}

function ofLinks(
  codec: EntityCodec,
  name: string,
  { values, isTold }: TrailState,
  row: LiveEntity,
): Difference[] {
  const collection = codec.policy.collections.get(name);
  const stored = values.get(name);
  const recorded = stored === undefined ? (isTold ? [] : undefined) : linkIds(stored);
  const live = row.links.get(name) ?? [];
  if (!collection || !recorded || collection.isMasked) {
    return [];
  }
  const isSame = collection.ordered
    ? JSON.stringify(recorded) === JSON.stringify(live)
    : new Set(recorded).symmetricDifference(new Set(live)).size === 0;
  const encoded = collection.ordered ? encodeLinkList : encodeLinks;
  return isSame ? [] : [{ path: name, trail: encoded(recorded), found: encoded(live) }];
}

/** Values that were recorded before the policy masked them stay hidden here. */
export function shown(codec: PropertyCodec, value: JsonValue): JsonValue {
  return codec.property.mask === null || hidesValue(value) ? value : codec.mask(value);
}
