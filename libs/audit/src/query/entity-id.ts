import { isDate } from 'node:util/types';
import { keyText } from '../serialize/key-text.js';
import type { EntityKey } from './audit-reader.js';

/** The entity id in the trail of a key as the application has it. */
export function entityIdOf(key: EntityKey): string {
  const parts: readonly unknown[] = Array.isArray(key) ? key : [key];
  return keyText(parts.map((part) => (isDate(part) ? part.toISOString() : String(part))));
}
