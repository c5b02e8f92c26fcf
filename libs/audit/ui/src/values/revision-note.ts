import type { Json, Outcome, Revision } from '../model/trail.js';
import { ownValue } from './own-value.js';
import { isObject } from './value-kind.js';

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  success: 'succeeded',
  failure: 'failed',
  denied: 'denied',
};

/** Where the module that serves this page keeps what was asked of the trail. */
const TRAIL_READ = 'trailRead';
const MAX_FACTS = 4;

type Recorded = Pick<Revision, 'action' | 'metadata'> & { readonly outcome?: Outcome };

/** Sums a revision without changes up, in a sentence. */
export function revisionNote({ action, outcome = 'success', metadata }: Recorded): string {
  if (action === 'audit.suspend') {
    return outcome === 'success'
      ? 'From here on nothing was recorded of what its code wrote.'
      : 'Auditing was not suspended: it is not allowed.';
  }
  if (action === 'audit.resume') return `Recorded again from here on. ${unauditedText(metadata?.unaudited)}`;
  if (metadata?.[TRAIL_READ] !== undefined && outcome === 'success') return 'Looked at the trail.';
  if (outcome === 'denied') return 'It was not allowed, and changed nothing.';
  if (outcome === 'failure') return 'It failed, and changed nothing that is recorded.';
  return action === null ? 'Looked at records; nothing was changed.' : 'Recorded without changes.';
}

/** The first few plain values of the metadata of a revision, by name. */
export function revisionFacts({
  metadata,
}: Pick<Revision, 'metadata'>): readonly (readonly [string, string])[] {
  const { [TRAIL_READ]: read, unaudited: _, ...rest } = metadata ?? {};
  return [...Object.entries(rest), ...Object.entries(isObject(read) ? read : {})]
    .filter(([, value]) => value !== null && typeof value !== 'object')
    .slice(0, MAX_FACTS)
    .map(([name, value]) => [name, String(value)]);
}

/** How many entities of which type were written while nothing was recorded. */
function unauditedText(unaudited: Json | undefined): string {
  const counts = isObject(unaudited)
    ? Object.keys(unaudited).map((type) => [type, ownValue(unaudited, type)])
    : [];
  if (counts.length === 0) return 'Nothing was written meanwhile.';
  return `Written meanwhile, without a trace: ${counts.map(([type, count]) => `${count} ${type}`).join(', ')}.`;
}
