import type { Cost } from './cost.js';

/** Many measurements of the same work in one line. Times in microseconds. */
export interface Summary {
  readonly repetitions: number;
  /** Median. */
  readonly wall: number;
  /** Mean: garbage is collected in lumps, which a median would not show. */
  readonly node: number;
  /** Mean; null where it cannot be measured. */
  readonly server: number | null;
}

export function summarize(costs: readonly Cost[]): Summary {
  const servers = costs.map(({ server }) => server).filter((server) => server !== null);
  return {
    repetitions: costs.length,
    wall: median(costs.map(({ wall }) => wall)),
    node: mean(costs.map(({ node }) => node)),
    server: servers.length === costs.length ? mean(servers) : null,
  };
}

/** CPU of Node and of the server together, or of Node alone where the server's is unknown. */
export function cpuOf({ node, server }: Summary): number {
  return node + (server ?? 0);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
