import type { DetailsOption, OrderOptions } from '../../query/terms/change-query.js';
import type { QueryParameters } from './query-parameters.js';

/** The parameters of a page. */
export const PAGE_PARAMETERS = ['limit', 'cursor', 'order'] as const;

/** The parameters of a page of changes. */
export const CHANGES_PAGE_PARAMETERS = [...PAGE_PARAMETERS, 'details'] as const;

const ORDERS = ['newest', 'oldest'] as const;

/**
 * @param most items of a page, 500 by default
 * @throws InvalidQueryError for an invalid limit or order; a cursor is checked by the reader
 */
export function pageOf(parameters: QueryParameters, most?: number): OrderOptions {
  const [limit, cursor] = [parameters.limit(most), parameters.one('cursor')];
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
    ...orderOf(parameters),
  };
}

/** @throws InvalidQueryError as `pageOf` does, and for details that are neither true nor false */
export function changesPageOf(parameters: QueryParameters): OrderOptions & DetailsOption {
  return { ...pageOf(parameters), ...detailsOf(parameters) };
}

/** @throws InvalidQueryError when it is neither true nor false */
export function detailsOf(parameters: QueryParameters): DetailsOption {
  const details = parameters.word('details', ['true', 'false']);
  return details === undefined ? {} : { details: details === 'true' };
}

/** @throws InvalidQueryError when it is none */
export function orderOf(parameters: QueryParameters): Pick<OrderOptions, 'order'> {
  const order = parameters.word('order', ORDERS);
  return order === undefined ? {} : { order };
}
