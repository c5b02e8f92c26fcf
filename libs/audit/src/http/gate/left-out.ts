import type { ReaderAccess } from '../access/reader-access.js';
import { asksForReads, type ChangeFilter } from '../parameters/change-filter-parameters.js';

/**
 * Why something may be missing in an export.
 *
 * - `entities`: the reader may not export every entity
 * - `rows`: of some entities it sees a part
 * - `values`: some values, or labels made of them, are hidden from it
 * - `actions`: revisions without changes are for readers who may export everything
 * - `trail-reads`: those of reads of the trail are given only where the query names an action, or asks for what was denied or failed
 */
export type LeftOut = 'entities' | 'rows' | 'values' | 'actions' | 'trail-reads';

/** The parts of an export that are left out for a reader. */
export function leftOutOf(reader: ReaderAccess, filter: ChangeFilter): readonly LeftOut[] {
  const scope = reader.scope('export');
  const isLeftOut: Readonly<Record<LeftOut, boolean>> = {
    entities: !reader.mayOnAll('export'),
    rows: scope?.anyOf?.some((one) => one.anyOf !== undefined) ?? false,
    values: !reader.seesEverything,
    actions: scope !== undefined,
    'trail-reads': !asksForReads(filter),
  };
  return (Object.keys(isLeftOut) as LeftOut[]).filter((one) => isLeftOut[one]);
}
