import { cpuOf } from '../measure/summary.js';
import type { Row } from './result.js';

/** The cost of a variant relative to the same work without audit. */
export interface Ratio {
  readonly wall: number;
  readonly cpu: number;
  /** Microseconds more per change: CPU of Node, CPU of the server (null if unknown), wall. */
  readonly added: { readonly node: number; readonly server: number | null; readonly wall: number };
}

/** Null when the row has no such variant. */
export function ratioOf({ base, variants, changes }: Row, variant: string): Ratio | null {
  const audited = variants[variant];
  if (!audited) {
    return null;
  }
  const server =
    audited.server === null || base.server === null ? null : (audited.server - base.server) / changes;
  return {
    wall: audited.wall / base.wall,
    cpu: cpuOf(audited) / cpuOf(base),
    added: {
      node: (audited.node - base.node) / changes,
      server,
      wall: (audited.wall - base.wall) / changes,
    },
  };
}

export type Verdict = 'yes' | 'no' | 'wall only' | 'CPU only' | '';

/** Whether the row's goal is reached; empty without a goal. */
export function verdictOf(row: Row): Verdict {
  const ratio = row.goal && ratioOf(row, row.goal.variant);
  if (!row.goal || !ratio) {
    return '';
  }
  const wall = within(ratio.wall, row.goal.ratio);
  const cpu = within(ratio.cpu, row.goal.ratio);
  switch (row.goal.of) {
    case 'wall':
      return wall ? 'yes' : 'no';
    case 'cpu':
      return cpu ? 'yes' : 'no';
    case 'throughput':
      return 1 / ratio.wall >= row.goal.ratio ? 'yes' : 'no';
    case 'wall and cpu':
      return wall ? (cpu ? 'yes' : 'wall only') : cpu ? 'CPU only' : 'no';
  }
}

/** As precise as the goals are given. */
function within(ratio: number, goal: number): boolean {
  return Number(ratio.toFixed(2)) <= goal;
}
