import { InvalidQueryError } from '../../errors/query-errors.js';
import type { EntityKey } from '../../model/change.js';
import { type EntityType, keyOf } from '../access/entity-types.js';
import type { QueryParameters } from './query-parameters.js';

const MOST_KEYS = 500;

/**
 * The keys of `id`, which is given once for each entity.
 * @throws InvalidQueryError for none, and for more than 500
 */
export function keysOf(parameters: QueryParameters, { policy }: EntityType): readonly EntityKey[] {
  const ids = parameters.all('id');
  if (ids.length === 0 || ids.length > MOST_KEYS) {
    throw new InvalidQueryError(
      'id',
      ids.length === 0 ? 'is missing' : `is given more than ${MOST_KEYS} times`,
      `Give it once for each entity, ${MOST_KEYS} times at most.`,
    );
  }
  return ids.map((id) => keyOf(id, policy));
}
