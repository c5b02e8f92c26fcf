import { isDate } from 'node:util/types';
import { keyText } from '../serialize/key-text.js';

/** The key of an entity as one has it at hand: a single key, or the parts of a composite one in the order of the key. */
export type EntityKey = string | number | bigint | Date | readonly (string | number | bigint | Date)[];

/** The entity id in the trail of a key as the application has it. */
export function entityIdOf(key: EntityKey): string {
  const parts: readonly unknown[] = Array.isArray(key) ? key : [key];
  return keyText(parts.map((part) => (isDate(part) ? part.toISOString() : String(part))));
}
