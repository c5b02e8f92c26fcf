import type { ChangeSearch, TrailRow } from '../../store/audit-store.js';
import type { AuditCatalog, AuditedInstance } from '../terms/audit-catalog.js';
import type { OrderOptions } from '../terms/change-query.js';
import { type AnyConditions, resolveQuery } from './change-filter-resolver.js';

/** A change with its revision, or a revision without one, as they are stored, under the names that they had then. */
export type StoredRow = TrailRow;

/** Rows read at a time: few round trips, and little in memory. */
const BATCH = 500;

/** Reads any number of changes and actions, as they are stored, with as much memory as a batch needs. */
export class TrailExporter {
  readonly instance: AuditedInstance;
  private readonly filter: ReturnType<typeof resolveQuery>['filter'];
  private readonly newestFirst: boolean;

  /** @throws NotAuditedError, InvalidQueryError as `AuditReader.changes` does */
  constructor(catalog: AuditCatalog, query: AnyConditions & Pick<OrderOptions, 'order'>) {
    const { instance, filter } = resolveQuery(catalog, query);
    this.instance = instance;
    this.filter = filter;
    this.newestFirst = query.order !== 'oldest';
  }

  async *batches(): AsyncGenerator<readonly StoredRow[], void> {
    const { filter, newestFirst, instance } = this;
    let after: readonly string[] | null = null;
    while (filter) {
      const search: ChangeSearch = { filter, newestFirst, after, limit: BATCH };
      const { found, stoppedAt } = await instance.store.search.everything(search);
      yield found.map(({ item }) => item);
      after = found.length === BATCH ? (found.at(-1)?.position ?? null) : stoppedAt;
      if (after === null) {
        return;
      }
    }
  }

  async *ids(): AsyncGenerator<string, void> {
    for await (const batch of this.batches()) {
      yield* batch.map(({ change, revision }) => change?.id ?? revision.id);
    }
  }
}
