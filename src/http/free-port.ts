import { createServer } from 'node:net';

/** The first port from `from` on that nobody listens on; 0, for any port, stays 0. */
export async function freePort(from: number, host: string): Promise<number> {
  return from === 0 || (await isFree(from, host)) ? from : freePort(from + 1, host);
}

/** Asked before Nest listens, because Nest logs a failed attempt as an error. */
function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? done(false) : fail(error),
    );
    probe.listen(port, host, () => probe.close(() => done(true)));
  });
}
