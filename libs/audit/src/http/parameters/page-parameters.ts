import type { OrderOptions } from '../../query/change-query.js';
import type { QueryParameters } from './query-parameters.js';

/** The parameters of a page. */
export const PAGE_PARAMETERS = ['limit', 'cursor', 'order'] as const;

const ORDERS = ['newest', 'oldest'] as const;

/** @throws InvalidQueryError for a limit or order that cannot be; a cursor is checked by the reader */
export function pageOf(parameters: QueryParameters): OrderOptions {
  const [limit, cursor] = [parameters.limit(), parameters.one('cursor')];
  const order = parameters.word('order', ORDERS);
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(order === undefined ? {} : { order }),
  };
}
