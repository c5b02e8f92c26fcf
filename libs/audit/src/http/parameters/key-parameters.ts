import { InvalidQueryError } from '../../errors/query-errors.js';
import type { EntityKey } from '../../model/change.js';
import { type EntityType, keyOf } from '../../query/terms/entity-types.js';
import type { QueryParameters } from './query-parameters.js';

/**
 * The keys of `id`, which is given once for each entity; `QueryParameters` refuses too many.
 * @throws InvalidQueryError for none
 */
export function keysOf(parameters: QueryParameters, type: EntityType): readonly EntityKey[] {
  const ids = parameters.all('id');
  if (ids.length === 0) {
    throw new InvalidQueryError('id', 'is missing', 'Give it once for each entity.');
  }
  return ids.map((id) => keyOf(id, type));
}
