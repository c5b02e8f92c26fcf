import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A network between us and the server. */
export interface DelayProxy {
  /** The database URL, through the proxy. */
  through(url: string): string;
  stop(): void;
}

/** Starts a TCP proxy, in a process of its own, that delivers everything so many milliseconds later, each way. */
export async function startDelayProxy(serverUrl: string, milliseconds: number): Promise<DelayProxy> {
  const { port } = new URL(serverUrl);
  const child = fork(new URL('./delay-proxy-process.mjs', import.meta.url), [port, String(milliseconds)]);
  const [ownPort] = (await once(child, 'message')) as [number];
  return {
    through(url) {
      const proxied = new URL(url);
      proxied.port = String(ownPort);
      return proxied.href;
    },
    stop: () => void child.kill(),
  };
}
