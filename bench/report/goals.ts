import type { Goal } from './result.js';

/** The most that auditing shall cost, as a multiple of the same work without audit. */
const GOALS: Readonly<Record<string, Omit<Goal, 'variant'> & Partial<Goal>>> = {
  'insert 1': { of: 'wall and cpu', ratio: 1.3 },
  'insert 100': { of: 'wall and cpu', ratio: 1.25 },
  'insert 1000': { of: 'wall and cpu', ratio: 1.45 },
  'update 1': { of: 'wall and cpu', ratio: 1.22 },
  'update 100': { of: 'wall and cpu', ratio: 1.1 },
  'update 1000': { of: 'wall and cpu', ratio: 1.2 },
  'delete 1': { of: 'wall and cpu', ratio: 1.35 },
  'delete 100': { of: 'wall and cpu', ratio: 1.45 },
  'delete 1000': { of: 'wall and cpu', ratio: 2.4 },
  'request +1 ms': { of: 'wall', ratio: 1.2 },
  'request +1 ms, sendWithCommit': { of: 'wall', ratio: 1.05, variant: 'withCommit' },
  transaction: { of: 'cpu', ratio: 1.4 },
  'context on Express': { of: 'cpu', ratio: 1.6 },
  'context on Fastify': { of: 'cpu', ratio: 1.6 },
  throughput: { of: 'throughput', ratio: 0.85 },
};

/** Megabytes that a transaction of 100,000 changes may need more. */
export const MEMORY_GOAL = 200;

/** The goal of a row for this library; null when none was set. */
export function goalOf(row: string): Goal | null {
  const goal = GOALS[row];
  return goal ? { variant: 'library', ...goal } : null;
}
