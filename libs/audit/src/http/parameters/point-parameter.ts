import { InvalidQueryError } from '../../errors/query-errors.js';
import { isRowId } from '../../model/row-id.js';
import type { PointInTime } from '../../query/terms/point-in-time.js';
import { instantOf, type QueryParameters } from './query-parameters.js';

const REVISION = /^revision:(\d{1,19})$/;

/**
 * The point in time of `at` or `revision`.
 * @throws InvalidQueryError when it is neither or both
 */
export function pointOf(parameters: QueryParameters): PointInTime {
  const at = parameters.instant('at');
  const revision = parameters.text('revision');
  if ((at === undefined) === (revision === undefined)) {
    throw new InvalidQueryError(
      'at',
      at === undefined ? 'is missing' : 'is given together with a revision',
      'Give one of at (a time) and revision (an id).',
    );
  }
  return at ?? { revision: revisionId('revision', revision ?? '') };
}

/**
 * A time, or `revision:42`.
 * @throws InvalidQueryError when it is neither
 */
export function namedPoint(parameters: QueryParameters, name: string): PointInTime {
  const text = parameters.text(name);
  if (text === undefined) {
    throw new InvalidQueryError(name, 'is missing', 'Give a time, or revision:42.');
  }
  const [, revision] = REVISION.exec(text) ?? [];
  return revision === undefined ? instantOf(name, text) : { revision: revisionId(name, revision) };
}

/** @throws InvalidQueryError when the text cannot be the id of a revision */
export function revisionId(name: string, text: string): string {
  if (!isRowId(text)) {
    throw new InvalidQueryError(name, 'is no revision id', 'Give the decimal number of a revision.');
  }
  return text;
}

/** @throws InvalidQueryError when the text cannot be the id of a change */
export function changeId(name: string, text: string): string {
  if (!isRowId(text)) {
    throw new InvalidQueryError(name, 'is no id of a change', 'Give the decimal number of a change.');
  }
  return text;
}
