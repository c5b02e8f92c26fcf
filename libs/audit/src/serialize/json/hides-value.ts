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
  if (!isJsonObject(value)) {
    return false;
  }
  const tag = readTag(value);
  switch (tag?.name) {
    case '$mask':
      return true;
    case '$cut':
      return isJsonObject(tag.payload) && typeof tag.payload.sha256 !== 'string';
    default:
      return Object.values(value).some(hidesValue);
  }
}
