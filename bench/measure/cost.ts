import { readFileSync } from 'node:fs';

/** The cost of one piece of work, in microseconds. */
export interface Cost {
  readonly wall: number;
  /** CPU time of this process, garbage collection and compiler threads included. */
  readonly node: number;
  /** CPU time of the PostgreSQL backends that did the work; null where /proc does not tell. */
  readonly server: number | null;
}

/** True where the CPU time of another process can be read precisely. */
export const hasServerClock = canRead('/proc/self/schedstat');

/** Measures work whose statements run on the given backends. */
export async function measure(backends: () => Iterable<number>, work: () => Promise<unknown>): Promise<Cost> {
  const before = serverTimes(backends());
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const wall = (performance.now() - started) * 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const after = serverTimes(backends());
  const server = [...after].reduce((sum, [pid, time]) => sum + time - (before.get(pid) ?? time), 0);
  return { wall, node: user + system, server: hasServerClock ? server : null };
}

/** CPU time of processes so far, in microseconds, by process id. */
export function serverTimes(pids: Iterable<number>): Map<number, number> {
  const times = new Map<number, number>();
  if (hasServerClock) {
    for (const pid of pids) {
      const [nanoseconds = '0'] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
      times.set(pid, Number(nanoseconds) / 1_000);
    }
  }
  return times;
}

function canRead(file: string): boolean {
  try {
    return readFileSync(file, 'utf8') !== '';
  } catch {
    return false;
  }
}
