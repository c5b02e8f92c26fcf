/** How long each part of the benchmark takes, in seconds, and how large it is. */
export interface Plan {
  /** Seconds by number of rows in a flush. */
  readonly flush: Readonly<Record<number, number>>;
  readonly peers: Readonly<Record<number, number>>;
  /** By number of rows in a statement. */
  readonly native: Readonly<Record<number, number>>;
  readonly request: number;
  readonly network: number;
  readonly throughput: number;
  /** Flushes of one, and requests, that come before those that count. */
  readonly warmUp: number;
  readonly context: number;
  /** Changes of the one large transaction. */
  readonly transactionChanges: number;
  /** About how long that takes; for the progress bar. */
  readonly transaction: number;
}

/** About 5 minutes. */
export const FULL: Plan = {
  flush: { 1: 14, 100: 20, 1000: 30, 10000: 40 },
  peers: { 1: 4, 100: 5, 1000: 12 },
  native: { 1: 10, 1000: 14, 10000: 20 },
  request: 10,
  network: 14,
  throughput: 10,
  warmUp: 800,
  context: 28,
  transactionChanges: 100_000,
  transaction: 40,
};

/** About 1 minute: shows the direction, not the second digit. */
export const QUICK: Plan = {
  flush: { 1: 7, 100: 5, 1000: 8 },
  peers: { 1: 1.5, 100: 1.5 },
  native: { 1: 3, 1000: 5 },
  request: 3,
  network: 4,
  throughput: 2,
  warmUp: 100,
  context: 10,
  transactionChanges: 10_000,
  transaction: 6,
};

export const SECTIONS = [
  'flush',
  'request',
  'network',
  'transaction',
  'throughput',
  'native',
  'nativeNetwork',
  'peers',
  'context',
] as const;
export type SectionId = (typeof SECTIONS)[number];

/** Seconds that a section takes by plan. */
export function secondsOf(plan: Plan, section: SectionId, peers: number): number {
  const sum = (sizes: Readonly<Record<number, number>>) => Object.values(sizes).reduce((a, b) => a + b, 0);
  switch (section) {
    case 'flush':
    case 'native':
      return sum(plan[section]);
    case 'nativeNetwork':
      return plan.network;
    case 'peers':
      return sum(plan.peers) * peers;
    default:
      return plan[section];
  }
}
