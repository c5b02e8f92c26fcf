import type { SqlParameters } from '../sql/sql-parameters.js';
import { isPart } from '../tables/revision-rows.js';
import type { ChangeFilter } from './change-filter.js';
import type { ColumnValue } from './index-range.js';
import type { PartOfFilter } from './scope-filter.js';

/** One row, for one scan. */
const ONCE = '(select) once';

/** Where changes (alias `c`) are looked for: one index scan for each row of `each`. */
export interface Place {
  readonly each: string;
  /** The first columns of the index; its changes are in the order of their ids. */
  readonly keys: readonly ColumnValue[];
  readonly conditions?: readonly string[];
}

/** One index for each of them, in which the ids of the changes follow the keys. */
export function placesOf(
  { changeIds, revisionId, entityTypes, entityIds, partOf: whole, scope }: ChangeFilter,
  parameters: SqlParameters,
): { readonly places: readonly Place[]; readonly mayRepeat: boolean } {
  if (changeIds) {
    const each = `unnest(${parameters.add(changeIds, 'bigint[]')}) given(id)`;
    const conditions = ['c.id = given.id', 'c.entity_type is not null'];
    return { places: [{ each, keys: [], conditions }], mayRepeat: false };
  }
  if (revisionId !== null) {
    const id = parameters.add(revisionId, 'bigint');
    const places: Place[] = [
      { each: ONCE, keys: [], conditions: [`c.id = ${id}`, isPart('first', 'c')] },
      { each: ONCE, keys: [['c.revision_id', id]], conditions: [isPart('further', 'c')] },
    ];
    return { places, mayRepeat: false };
  }
  const wholes = whole ? [whole] : entityTypes ? null : (scope?.partOf ?? null);
  if (wholes) {
    return { places: partOfPlaces(wholes, parameters), mayRepeat: wholes.length > 1 };
  }
  const types = `unnest(${parameters.add(entityTypes, 'text[]')}) given(type)`;
  const ofType: ColumnValue = ['c.entity_type', 'given.type'];
  if (entityIds) {
    const each = `${types} cross join unnest(${parameters.add(entityIds, 'text[]')}) wanted(id)`;
    const keys: ColumnValue[] = [ofType, ['c.entity_id', 'wanted.id']];
    // PostgreSQL has no idea how few rows are between two bounds of several columns, and would read all of the type for a
    // large window.
    return { places: [{ each, keys, conditions: ['c.entity_id = wanted.id'] }], mayRepeat: false };
  }
  return { places: [{ each: types, keys: [ofType] }], mayRepeat: false };
}

/** The wholes themselves, their parts, and the parts that left them. */
function partOfPlaces(wholes: readonly PartOfFilter[], parameters: SqlParameters): readonly Place[] {
  const pairs = wholes.flatMap(({ types, id }) => types.map((type) => ({ type, id })));
  const types = parameters.add(
    pairs.map(({ type }) => type),
    'text[]',
  );
  const ids = parameters.add(
    pairs.map(({ id }) => id),
    'text[]',
  );
  const each = `unnest(${types}, ${ids}) whole(type, id)`;
  const ofWhole = (column: string): Place => ({
    each,
    keys: [
      ['c.part_of_type', 'whole.type'],
      [column, 'whole.id'],
    ],
    conditions: [`${column} is not null`, 'not (c.entity_type = whole.type and c.entity_id = whole.id)'],
  });
  const itself: ColumnValue[] = [
    ['c.entity_type', 'whole.type'],
    ['c.entity_id', 'whole.id'],
  ];
  return [{ each, keys: itself }, ofWhole('c.part_of_id'), ofWhole('c.part_of_id_before')];
}
