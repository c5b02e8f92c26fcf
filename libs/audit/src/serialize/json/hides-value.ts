import type { JsonValue } from '../../model/json.js';
import { isJsonArray, isJsonObject } from './json-shape.js';

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
  const { $cut: cut } = value;
  const isBlindCut = cut !== undefined && isJsonObject(cut) && typeof cut.sha256 !== 'string';
  return isBlindCut || Object.entries(value).some(([key, member]) => key === '$mask' || hidesValue(member));
}
