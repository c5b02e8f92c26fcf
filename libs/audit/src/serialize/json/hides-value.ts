import type { JsonValue } from '../../model/json.js';
import { isJsonArray, isJsonObject } from './json-shape.js';
import { readTag } from './value-tags.js';

/**
 * Whether something of an encoded value is not recorded, so that two equal ones may stand for different values:
 * a mask, or a cut without a digest of the whole.
 */
export function hidesValue(value: JsonValue): boolean {
  if (isJsonArray(value)) {
    return value.some(hidesValue);
  }
  return isJsonObject(value) && (isHidden(value) || Object.values(value).some(hidesValue));
}

/** Whether one of two values hides all by which it could be told from the other. */
export function hidesFrom(one: JsonValue, other: JsonValue): boolean {
  return isHidden(one) !== isHidden(other) || isLost(one, other);
}

/** Whether one is a number too large for JavaScript, and the other one null, which is what MikroORM makes of it. */
export function isLost(one: JsonValue, other: JsonValue): boolean {
  const [number, lost] = one === null ? [other, one] : [one, other];
  return lost === null && ['Infinity', '-Infinity'].includes(String(readTag(number)?.payload));
}

/** Whether nothing of an encoded value is recorded but that there is one. */
function isHidden(value: JsonValue): boolean {
  const tag = readTag(value);
  return (
    tag?.name === '$mask' ||
    (tag?.name === '$cut' && isJsonObject(tag.payload) && typeof tag.payload.sha256 !== 'string')
  );
}
