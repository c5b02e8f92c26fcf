import type { Change, RevisionWithChanges } from '../../model/change.js';
import type { JsonValue } from '../../model/json.js';
import type { Page, PageOptions } from '../../model/page.js';
import type { RevisionOf, RevisionSummary } from '../../model/revision.js';
import type { ChangeFilter, ChangeSearch, SearchResult } from '../../store/audit-store.js';
import type { AuditCatalog, AuditedInstance } from '../terms/audit-catalog.js';
import { decodeChange, presentCounts } from '../terms/change-decoder.js';
import type { DetailsOption, OrderOptions } from '../terms/change-query.js';
import { checkedLimit, PageRequest } from '../terms/page-request.js';
import { refuseSchema } from '../terms/place-options.js';
import { assertRevisionId } from '../terms/point-in-time.js';
import { resolveScope, type ScopeOptions } from '../terms/trail-scope.js';
import { type AnyConditions, resolveQuery } from './change-filter-resolver.js';

/** Of the year 9999; ids do not get so far. */
const LAST_MICROSECOND = 253_402_300_800_000_000;

/** Finds changes and revisions by what they have. */
export class TrailFinder {
  constructor(private readonly catalog: AuditCatalog) {}

  changes<Entity, Details extends boolean = false>({
    details,
    ...query
  }: AnyConditions & OrderOptions & DetailsOption<Details>): Promise<
    Page<Change<Entity, RevisionOf<Details>>>
  > {
    const whole = (details ?? false) as Details;
    return this.page(
      'changes',
      query,
      ({ store }, search) => store.search.changes({ ...search, details: whole }),
      ({ change, revision }, instance) => ({ ...decodeChange<Entity>(instance, change), revision }),
    );
  }

  revisions(query: AnyConditions & OrderOptions): Promise<Page<RevisionSummary>> {
    return this.page(
      'revisions',
      query,
      ({ store }, search) => store.search.revisions(search),
      ({ revision, counts }, instance) => ({ ...revision, counts: presentCounts(instance, counts) }),
    );
  }

  async revision(
    id: string,
    { limit, ...options }: ScopeOptions & Pick<PageOptions, 'limit'>,
  ): Promise<RevisionWithChanges | null> {
    assertRevisionId(id);
    refuseSchema(options, 'a revision may be of several');
    const most = limit === undefined ? null : checkedLimit(limit);
    const instance = this.catalog.instance(options);
    const scope = resolveScope(this.catalog, instance, options);
    const found = await instance.store.revision(id, scope, most);
    return (
      found && {
        ...found.revision,
        changes: found.changes.map((change) => decodeChange(instance, change)),
      }
    );
  }

  private async page<Stored, Item>(
    kind: string,
    query: AnyConditions & OrderOptions,
    find: (instance: AuditedInstance, search: ChangeSearch) => Promise<SearchResult<Stored>>,
    toItem: (stored: Stored, instance: AuditedInstance) => Item,
  ): Promise<Page<Item>> {
    const { instance, filter } = resolveQuery(this.catalog, query);
    const { request, newestFirst } = requestOf(kind, filter, query);
    if (!filter) {
      return { items: [], nextCursor: null };
    }
    const { limit, after } = request;
    const { found, stoppedAt } = await find(instance, { filter, newestFirst, after, limit: limit + 1 });
    return request.page(
      found,
      ({ position }) => position,
      ({ item }) => toItem(item, instance),
      stoppedAt,
    );
  }
}

function requestOf(kind: string, filter: ChangeFilter | null, query: OrderOptions) {
  const newestFirst = query.order !== 'oldest';
  const identity = { kind, newestFirst, filter: JSON.parse(JSON.stringify(filter)) as JsonValue };
  return { request: new PageRequest(identity, query, isSearchPosition), newestFirst };
}

/** Ids, or microseconds with ids: whole numbers that PostgreSQL can compare as such and as times. */
function isSearchPosition(parts: readonly string[]): boolean {
  return (
    parts.length <= 3 && parts.every((part) => /^\d{1,18}$/.test(part)) && Number(parts[0]) < LAST_MICROSECOND
  );
}
