import type { DetailsOption } from '../tables/stored-change.js';
import type { ScopeFilter } from './scope-filter.js';

/** Entities whose newest change is wanted. */
export interface LatestSearch extends DetailsOption {
  readonly entityTypes: readonly string[];
  readonly entityIds: readonly string[];
  /** Null for everything. */
  readonly scope: ScopeFilter | null;
}
