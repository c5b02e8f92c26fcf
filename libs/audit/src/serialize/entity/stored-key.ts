import type { JsonValue } from '../../model/json.js';
import { columnTypesOf } from '../property/column-type.js';
import type { EntityCodec } from './entity-codec.js';

const NUMBERS: ReadonlySet<string> = new Set(['smallint', 'int', 'real', 'double precision']);

/** The key that an entity id stands for, by path, as a change has it; empty when the id does not fit the key. */
export function storedKey(codec: EntityCodec, entityId: string): ReadonlyMap<string, JsonValue> {
  const key = new Map<string, JsonValue>();
  for (const [name, texts] of Object.entries(codec.keyOf(entityId) ?? {})) {
    const property = codec.properties.get(name);
    if (property) {
      const { prop, path } = property.property;
      const types = columnTypesOf(prop);
      const parts = [texts]
        .flat()
        .map((text, at) => (NUMBERS.has(types[at]?.base ?? '') ? Number(text) : String(text)));
      key.set(path, property.mask(parts.length === 1 ? (parts[0] ?? null) : parts));
    }
  }
  return key;
}
