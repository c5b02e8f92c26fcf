import { type EntityProperty, JsonType, type Platform, ReferenceKind } from '@mikro-orm/core';
import type { JsonValue } from '../../model/json.js';
import { isJsonArray, isJsonObject, objectFromPairs } from '../json/json-shape.js';
import { MaskedValue } from '../json/mask.js';
import { decodeValue, UndecodableValue } from '../json/value-codec.js';
import { encodedMembers } from '../json/value-decoder.js';
import { textsOfKey } from '../text/texts-of-key.js';
import { columnTypesOf, isNumericArray } from './column-type.js';

/** JSON of the trail to the JavaScript form that the entity has. A value that cannot be decoded comes as stored. */
export function decodeProperty(prop: EntityProperty, value: JsonValue, platform: Platform): unknown {
  if (value === null) {
    return null;
  }
  const tagged = decodeValue(value);
  if (tagged instanceof MaskedValue || tagged instanceof UndecodableValue) {
    return tagged;
  }
  if (prop.kind === ReferenceKind.EMBEDDED) {
    return isJsonArray(value)
      ? value.map((item) => decodeEmbedded(prop, item, platform))
      : decodeEmbedded(prop, value, platform);
  }
  if (prop.kind !== ReferenceKind.SCALAR) {
    return decodeKey(heldProperties(prop), value, platform);
  }
  return decodeScalar(prop, value, tagged, platform);
}

function decodeScalar(prop: EntityProperty, value: JsonValue, tagged: unknown, platform: Platform): unknown {
  const type = prop.customType;
  if (type instanceof JsonType) {
    return tagged;
  }
  if (prop.runtimeType === 'Date' && typeof value === 'string') {
    const date = new Date(value);
    return Number.isNaN(date.getTime()) ? value : date;
  }
  try {
    return type ? type.convertToJSValue(driverForm(prop, tagged), platform) : tagged;
  } catch {
    // A custom type that no longer understands what it once stored must not make history unreadable.
    return tagged;
  }
}

/** As the driver gives it, which is what custom types expect. */
function driverForm(prop: EntityProperty, value: unknown): unknown {
  return Array.isArray(value) && isNumericArray(columnTypesOf(prop)[0])
    ? value.map((item: unknown) => (typeof item === 'string' ? Number(item) : item))
    : value;
}

/** The part of its target that a reference holds. */
function heldProperties({ targetMeta, targetKey }: EntityProperty): readonly EntityProperty[] {
  const held = targetKey === undefined ? undefined : targetMeta?.props.find(({ name }) => name === targetKey);
  return held ? [held] : (targetMeta?.getPrimaryProps() ?? []);
}

function decodeKey(keys: readonly EntityProperty[], value: JsonValue, platform: Platform): unknown {
  const [only, second] = keys;
  if (only && !second) {
    return decodeProperty(only, value, platform);
  }
  return isJsonArray(value) && value.length === keys.length
    ? keys.map((key, index) => decodeProperty(key, value[index] ?? null, platform))
    : decodeValue(value);
}

/**
 * The key that a link id stands for, in the form that the target entity has; a composite one stays text, and one of a
 * relation to several classes becomes `{ type, id }`.
 */
export function decodeKeyText(relation: EntityProperty, id: string, platform: Platform): unknown {
  const { polymorphTargets = [], targetMeta } = relation;
  const hasSeveralClasses = polymorphTargets.length > 1;
  const [type = '', ofType = id] = (hasSeveralClasses && textsOfKey(id, 2)) || [];
  const [key, second] = targetMeta?.getPrimaryProps() ?? [];
  if (!key || second) {
    return id;
  }
  const decoded = key.runtimeType === 'number' ? Number(ofType) : decodeProperty(key, ofType, platform);
  return hasSeveralClasses ? { type, id: decoded } : decoded;
}

function decodeEmbedded(prop: EntityProperty, value: JsonValue, platform: Platform): unknown {
  const members = isJsonObject(value) ? encodedMembers(value) : null;
  if (members === null) {
    return decodeValue(value);
  }
  const children = new Map(Object.values(prop.embeddedProps).map((child) => [memberName(child), child]));
  return objectFromPairs(
    members.map(([name, member]) => {
      const child = children.get(name);
      return [name, child ? decodeProperty(child, member, platform) : decodeValue(member)];
    }),
  );
}

/** Name of a property inside its embeddable. */
export function memberName(child: EntityProperty): string {
  return child.embedded?.[1] ?? child.name;
}
