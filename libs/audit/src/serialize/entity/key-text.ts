import type { JsonValue } from '../../model/json.js';
import { isJsonArray } from '../json/json-shape.js';

/**
 * The text form of a primary key, which is the entity id in the trail: a single key is its own text, a composite
 * one the JSON array of the texts of its columns, in the order of the key.
 * @param parts encoded values of the key properties; a foreign key to a composite key is itself an array
 */
export function keyText(parts: readonly JsonValue[]): string {
  const [part] = parts;
  if (parts.length === 1 && (typeof part === 'string' || typeof part === 'number')) {
    return String(part);
  }
  const texts = parts.flatMap(partTexts);
  const [only, second] = texts;
  return only !== undefined && second === undefined ? only : JSON.stringify(texts);
}

function partTexts(part: JsonValue): string[] {
  if (isJsonArray(part)) {
    return part.flatMap(partTexts);
  }
  return [typeof part === 'object' && part !== null ? JSON.stringify(part) : String(part)];
}
