import type { BoundStatement } from '../sql/sql-statement.js';
import type { DetailsOption } from '../tables/stored-change.js';
import type { TableNames } from '../tables/table-names.js';
import type { Found, SearchResult } from '../trail-search.js';
import type { ChangeSearch, SearchPosition } from './change-filter.js';
import { isTested, looksIntoValues, type SearchPlan } from './search-plan.js';
import type { WindowRow, WindowSearch } from './search-sql.js';

/** Rows that a page looks at first where rows are tested: enough to fill it in most cases. */
const FIRST_WINDOW = 200;
/** Rows that it looks at then, before it stops. */
const SECOND_WINDOW = 4_000;
/** The same where the values of each row are searched. */
const SECOND_VALUES_WINDOW = 1_500;

/** Searches the trail a page at a time, at a bounded cost. */
export class SearchPages {
  constructor(
    private readonly tables: TableNames,
    private readonly run: <Row>(statement: BoundStatement) => Promise<readonly Row[]>,
  ) {}

  /** Looks at rows until the page is full, there are no more, or enough has been looked at. */
  async page<Row, Item>(
    search: ChangeSearch & DetailsOption,
    plan: SearchPlan,
    toSql: (search: WindowSearch, tables: TableNames) => BoundStatement,
    toItem: (row: Row) => Item,
  ): Promise<SearchResult<Item>> {
    const found: Found<Item>[] = [];
    let { after } = search;
    // The revision in which the page before ended is looked at once more, and may have nothing left.
    const enough = search.limit + (after === null ? 0 : 1);
    const first = isTested(plan) ? Math.max(FIRST_WINDOW, enough) : enough;
    const second = looksIntoValues(plan) ? SECOND_VALUES_WINDOW : SECOND_WINDOW;
    for (const window of [first, second]) {
      const limit = search.limit - found.length;
      const rows = await this.run<Row & WindowRow>(
        toSql({ ...search, plan, after, limit, window }, this.tables),
      );
      const items = rows.filter((row) => row.is_item).slice(0, limit);
      found.push(...items.map((row) => ({ item: toItem(row), position: positionOf(row) })));
      const last = rows.find(({ n }) => Number(n) === window);
      if (found.length === search.limit || !last) {
        return { found, stoppedAt: null };
      }
      after = positionOf(last);
    }
    return { found, stoppedAt: after };
  }
}

function positionOf({ position1, position2, position3 }: WindowRow): SearchPosition {
  return [position1, position2, position3].filter((part) => part !== undefined);
}
