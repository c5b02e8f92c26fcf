/** A column and the SQL of a value. */
export type ColumnValue = readonly [column: string, value: string];

interface RangeRequest {
  /** The values that all rows have in the first columns of the index. */
  readonly keys: readonly ColumnValue[];
  /** The order of the rows: the columns that follow in the index. */
  readonly columns: readonly string[];
  /** Values of the first of `columns`, inclusive; null for no bound. */
  readonly from: readonly string[] | null;
  /** Exclusive. */
  readonly until: readonly string[] | null;
  /** Values of all of `columns` where the page before ended; null for the first page. */
  readonly after: readonly string[] | null;
  /** Whether a row at `after` is wanted again. */
  readonly again?: boolean;
  readonly newestFirst: boolean;
}

/** A part of an index, as SQL. */
export interface IndexRange {
  readonly conditions: readonly string[];
  readonly order: string;
}

/**
 * The part of an index that a page is taken from. The keys are bounds and not equalities, and the order begins with them:
 * for a key that it takes for a frequent one PostgreSQL would else walk through another index with the order alone, past
 * all that has been recorded since the key was last seen. A cursor takes the place of the bound on its side, because of two
 * bounds PostgreSQL may begin at the farther one.
 */
export function indexRange(request: RangeRequest): IndexRange {
  const { keys, columns, from, until, after, again = false, newestFirst } = request;
  const same = again ? '=' : '';
  const [lower, upper] = newestFirst
    ? [bound(request, '>=', from), after ? bound(request, `<${same}`, after) : end(request, '<', until)]
    : [after ? bound(request, `>${same}`, after) : bound(request, '>=', from), end(request, '<', until)];
  const direction = newestFirst ? 'desc' : 'asc';
  const order = [...keys.map(([column]) => column), ...columns].map((column) => `${column} ${direction}`);
  return { conditions: [...lower, ...upper], order: order.join(', ') };
}

function end(request: RangeRequest, operator: string, until: readonly string[] | null): readonly string[] {
  return bound(request, until ? operator : '<=', until);
}

/** @param values null for the keys alone */
function bound(
  { keys, columns }: RangeRequest,
  operator: string,
  values: readonly string[] | null,
): readonly string[] {
  const bounded = [...keys, ...(values ?? []).map((value, at): ColumnValue => [columns[at] ?? '', value])];
  if (bounded.length === 0) {
    return [];
  }
  const left = bounded.map(([column]) => column).join(', ');
  const right = bounded.map(([, value]) => value).join(', ');
  return [bounded.length === 1 ? `${left} ${operator} ${right}` : `(${left}) ${operator} (${right})`];
}
