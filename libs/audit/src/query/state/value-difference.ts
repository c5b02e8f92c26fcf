import type { JsonValue } from '../../model/json.js';
import { jsonEquals } from '../../serialize/json/canonical-json.js';
import type { PropertyCodec } from '../../serialize/property/property-codec.js';

/** Whether a stored value is another than a second one, of which either may be masked as the policy says today. */
export function isDifferent(codec: PropertyCodec, stored: JsonValue, other: JsonValue): boolean {
  return !jsonEquals(stored, other) && !hides(codec, stored, other) && !hides(codec, other, stored);
}

/** Whether a stored value is what the mask of the policy makes of another one. */
export function hides(codec: PropertyCodec, hidden: JsonValue, value: JsonValue): boolean {
  return codec.property.mask !== null && jsonEquals(hidden, codec.mask(value));
}
