import { LABELS } from '../contenders/contender.js';
import { PEERS } from '../peers/peer.js';
import type { SectionId } from '../plan.js';

/** The name of a variant for people. */
export function labelOf(variant: string): string {
  const labels: Readonly<Record<string, string>> = {
    ...LABELS,
    ...Object.fromEntries(Object.entries(PEERS).map(([name, { label }]) => [name, label])),
    none: 'none',
  };
  return labels[variant] ?? variant;
}

export const TITLES: Readonly<Record<SectionId, string>> = {
  flush: 'A flush, loopback',
  request: 'Load by key, change 2 fields, flush; loopback',
  network: 'Load by key, change 2 fields, flush; a network of 1 ms each way',
  transaction: 'One very large transaction',
  throughput: 'Many clients at once',
  native: 'One native statement, loopback',
  nativeNetwork: 'A native statement of one row; a network of 1 ms each way',
  peers: 'Peers, each against itself without audit',
  context: 'The context of a request (empty handler)',
};
