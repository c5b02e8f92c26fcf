import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The process that started a server, so that a later one can tell a running owner from a dead one. */
export interface Owner {
  readonly pid: number;
  readonly started: string;
}

export async function readOwner(home: string): Promise<Owner | null> {
  const text = await readFile(join(home, 'owner.json'), 'utf8').catch(() => '');
  return text === '' ? null : (JSON.parse(text) as Owner);
}

export function isRunning(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startTime(owner.pid) === owner.started;
}

/** When a process started, in clock ticks since boot, to notice that a process id was given away again. Linux only. */
export function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Z: killed, and its parent has not taken notice yet.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
