import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Cost } from '../measure/cost.js';
import type { Variant } from '../measure/series.js';
import { sendRequests } from './http-load.js';

export const CONTEXT_VARIANTS = ['none', 'library', 'nestjs-cls', 'Scope.REQUEST'] as const;
export type ContextVariant = (typeof CONTEXT_VARIANTS)[number];

export const PLATFORMS = ['Express', 'Fastify'] as const;
export type Platform = (typeof PLATFORMS)[number];

const CONNECTIONS = 10;
const REQUESTS = 2_000;

const loader = fileURLToPath(new URL('../../test/e2e/typescript-loader.mjs', import.meta.url));

/** An application in a process of its own, and what a request to it costs. */
export class ContextServer implements Variant {
  private constructor(
    readonly name: ContextVariant,
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(name: ContextVariant, platform: Platform, databaseUrl: string): Promise<ContextServer> {
    const program = fileURLToPath(new URL('./context-server.mjs', import.meta.url));
    const child = fork(program, [name, platform, databaseUrl], {
      execArgv: ['--no-warnings', '--import', loader],
    });
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`The server of ${name} on ${platform} ended with ${code}.`);
    });
    const [port] = (await Promise.race([once(child, 'message'), failed])) as [number];
    failed.catch(() => undefined);
    return new ContextServer(name, child, port);
  }

  /** Cost of one request: `node` is the CPU time of the server's process, `wall` is of the load as a whole. */
  async repeat(): Promise<{ readonly request: Cost }> {
    const before = await this.cpu();
    const started = performance.now();
    await sendRequests(this.port, REQUESTS, CONNECTIONS);
    const wall = (performance.now() - started) * 1_000;
    const node = (await this.cpu()) - before;
    return { request: { wall: wall / REQUESTS, node: node / REQUESTS, server: 0 } };
  }

  stop(): void {
    this.child.kill();
  }

  private async cpu(): Promise<number> {
    const answer = once(this.child, 'message');
    this.child.send('cpu');
    const [microseconds] = (await answer) as [number];
    return microseconds;
  }
}
