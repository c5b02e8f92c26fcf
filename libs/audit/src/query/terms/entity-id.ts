import { isDate } from 'node:util/types';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { EntityKey } from '../../model/change.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import { keyText } from '../../serialize/entity/key-text.js';
import { isSafeText } from '../../serialize/text/safe-text.js';

/**
 * The entity id in the trail of a key as the application has it.
 * @param codec of the entity; undefined leaves the spelling of the key as it is
 * @returns null for a key that no entity can have, because PostgreSQL stores no such text
 * @throws InvalidQueryError for a part that is no value, such as undefined, and for another number of parts than the key has:
 *   nothing found would be taken for an answer
 */
export function entityIdOf(key: EntityKey, codec: EntityCodec | undefined): string | null {
  const parts: readonly unknown[] = Array.isArray(key) ? key : [key];
  const missing = parts.findIndex(isNoValue);
  if (parts.length === 0 || missing >= 0) {
    throw new InvalidQueryError(
      'entity id',
      `is ${parts.length === 0 ? 'empty' : String(parts[missing])}, which no entity has`,
      'Give the primary key as the application has it, and an array of its parts where it has several.',
    );
  }
  // A text may be the entity id itself.
  const isText = parts.length === 1 && typeof parts[0] === 'string';
  if (codec && !isText && !codec.keySizes.includes(parts.length)) {
    throw new InvalidQueryError(
      'entity id',
      `has ${parts.length} ${parts.length === 1 ? 'part' : 'parts'}, but the key of ${codec.policy.meta.className} has ${codec.keySizes.join(' or ')}`,
      'Give the primary key as the application has it, and an array of its parts where it has several.',
    );
  }
  const id = codec
    ? codec.entityIdOf(parts)
    : keyText(parts.map((part) => (isDate(part) ? part.toISOString() : String(part))));
  return isSafeText(id) ? id : null;
}

function isNoValue(part: unknown): boolean {
  const isInvalid = isDate(part) ? Number.isNaN(part.getTime()) : Number.isNaN(part);
  return part === undefined || part === null || isInvalid;
}

const NUMERIC = new Intl.Collator('en', { numeric: true });

/** The order of entity ids wherever data has none: numbers by size, other texts as in a dictionary. */
export function compareEntityIds(one: string, other: string): number {
  // Texts that the collation takes for equal, such as 1 and 01, have an order too.
  return NUMERIC.compare(one, other) || (one < other ? -1 : Number(one > other));
}
