import type { SqlParameters } from '../sql/sql-parameters.js';
import { IS_REVISION, type RowPart } from '../tables/revision-rows.js';
import type { ChangeFilter } from './change-filter.js';
import type { ColumnValue } from './index-range.js';
import { metadataConditions } from './scope-filter.js';
import type { HeaderKey } from './search-plan.js';

/** A revision is its first change, or an action without one. */
const REVISIONS: readonly RowPart[] = ['first', 'action'];

/** The scan that gives revisions (alias `r`) by a part of their header, in the order of time. */
export interface HeaderScan {
  /** Null where one index has all revisions; else each part has one. */
  readonly parts: readonly RowPart[] | null;
  readonly keys: readonly ColumnValue[];
  readonly conditions: readonly string[];
}

/** Only the conditions that one index serves: more would be tested row by row, without a bound. */
export function headerScan(
  header: HeaderKey | null,
  { correlationId, restoredRevisionId, actor, action, outcome, scope }: ChangeFilter,
  parameters: SqlParameters,
): HeaderScan {
  // Partial indexes are taken only for a condition like theirs.
  switch (header) {
    case 'correlationId':
      return {
        parts: null,
        keys: [['r.correlation_id', parameters.add(correlationId, 'text')]],
        conditions: ['r.correlation_id is not null'],
      };
    case 'restoredRevisionId':
      return {
        parts: null,
        keys: [['r.restored_revision_id', parameters.add(restoredRevisionId, 'bigint')]],
        conditions: ['r.restored_revision_id is not null', IS_REVISION],
      };
    case 'actor':
      return { parts: REVISIONS, keys: [['r.actor_id', parameters.add(actor?.id, 'text')]], conditions: [] };
    case 'action':
      return {
        parts: null,
        keys: [['r.action', parameters.add(action, 'text')]],
        conditions: ['r.action is not null', IS_REVISION],
      };
    case 'outcome':
      return {
        parts: null,
        keys: [['r.outcome', parameters.add(outcome, 'text')]],
        conditions: [`r.outcome <> 'success'`],
      };
    default:
      return {
        parts: REVISIONS,
        keys: [],
        conditions: scope?.metadata ? metadataConditions(scope.metadata, parameters) : [],
      };
  }
}
