import type { SqlParameters } from '../sql/sql-parameters.js';
import { isPart } from '../tables/revision-rows.js';
import type { ChangeFilter } from './change-filter.js';
import type { ColumnValue } from './index-range.js';
import type { RootFilter } from './scope-filter.js';

/** One row, for one scan. */
const ONCE = '(select) once';

/** Where changes (alias `c`) are looked for: one index scan for each row of `each`. */
export interface Place {
  readonly each: string;
  /** What the index begins with; its changes are in the order of their ids. */
  readonly keys: readonly ColumnValue[];
  readonly conditions?: readonly string[];
}

/** One index for each of them, in which the ids of the changes follow the keys. */
export function placesOf(
  { revisionId, entityTypes, entityIds, root, scope }: ChangeFilter,
  parameters: SqlParameters,
): { readonly places: readonly Place[]; readonly mayRepeat: boolean } {
  if (revisionId !== null) {
    const id = parameters.add(revisionId, 'bigint');
    const places: Place[] = [
      { each: ONCE, keys: [], conditions: [`c.id = ${id}`, isPart('first', 'c')] },
      { each: ONCE, keys: [['c.revision_id', id]], conditions: [isPart('further', 'c')] },
    ];
    return { places, mayRepeat: false };
  }
  const roots = root ? [root] : entityTypes ? null : (scope?.roots ?? null);
  if (roots) {
    return { places: rootPlaces(roots, parameters), mayRepeat: roots.length > 1 };
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

/** The roots themselves, their parts, and the parts that left them. */
function rootPlaces(roots: readonly RootFilter[], parameters: SqlParameters): readonly Place[] {
  const pairs = roots.flatMap(({ types, id }) => types.map((type) => ({ type, id })));
  const types = parameters.add(
    pairs.map(({ type }) => type),
    'text[]',
  );
  const ids = parameters.add(
    pairs.map(({ id }) => id),
    'text[]',
  );
  const each = `unnest(${types}, ${ids}) root(type, id)`;
  const ofRoot = (column: string): Place => ({
    each,
    keys: [
      ['c.root_type', 'root.type'],
      [column, 'root.id'],
    ],
    conditions: [`${column} is not null`, 'not (c.entity_type = root.type and c.entity_id = root.id)'],
  });
  const itself: ColumnValue[] = [
    ['c.entity_type', 'root.type'],
    ['c.entity_id', 'root.id'],
  ];
  return [{ each, keys: itself }, ofRoot('c.root_id'), ofRoot('c.left_root_id')];
}
