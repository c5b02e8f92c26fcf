import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const loader = new URL('../../e2e/typescript-loader.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('./sequencer-process.ts', import.meta.url));

/** Processes that want to give positions, of which one is killed now and then and another one comes. */
export class KilledLeaders {
  killed = 0;
  private processes: ChildProcess[] = [];

  private constructor(private readonly args: readonly string[]) {}

  /** @param args of the program: the database, and how it seals */
  static async start(args: readonly string[], count: number): Promise<KilledLeaders> {
    const leaders = new KilledLeaders(args);
    await Promise.all(Array.from({ length: count }, () => leaders.add()));
    return leaders;
  }

  /** Kills the oldest one, which leads, every so often: in the mean after that time. */
  async killEvery(milliseconds: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(2 * milliseconds * Math.random(), undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) {
        this.processes.shift()?.kill('SIGKILL');
        this.killed += 1;
        await this.add();
      }
    }
  }

  async end(): Promise<void> {
    await Promise.all(
      this.processes.splice(0).map(async (child) => {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }),
    );
  }

  private async add(): Promise<void> {
    const child = spawn(process.execPath, ['--no-warnings', '--import', loader, program, ...this.args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.stdout) {
      await once(child.stdout, 'data');
    }
    this.processes.push(child);
  }
}
