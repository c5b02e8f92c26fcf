import type { RestorePlan, RestoreStep } from '../model/trail.js';

const VERBS = [
  ['update', 'changed back'],
  ['create', 'created again'],
  ['delete', 'deleted'],
] as const satisfies readonly (readonly [RestoreStep['operation'], string])[];

/** Sums a plan up, in a sentence. */
export function planSummary({ steps, blocked }: Pick<RestorePlan, 'steps' | 'blocked'>): string {
  const told = VERBS.map(([operation, verb]) => {
    const count = steps.filter((step) => step.operation === operation).length;
    return { count, verb };
  }).filter(({ count }) => count > 0);
  if (told.length === 0) return 'Everything is already as it was: there is nothing to restore.';
  const parts = told.map(({ count, verb }, index) => {
    const noun = index > 0 ? '' : count === 1 ? 'entity ' : 'entities ';
    return `${count.toLocaleString()} ${noun}${count === 1 ? 'is' : 'are'} ${verb}`;
  });
  return `${parts.join(', ')}.${blocked ? ' Something is in the way.' : ''}`;
}
