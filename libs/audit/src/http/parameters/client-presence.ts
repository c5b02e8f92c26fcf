import type { HttpRequest } from './query-parameters.js';

type Socket = NonNullable<HttpRequest['socket']>;

/** One for each socket, which many requests share: a listener for each of them would be too many. */
const signals = new WeakMap<Socket, AbortSignal>();

/** Aborted when nobody waits for the answer any more. */
export function clientLeft({ raw, socket: own }: HttpRequest): AbortSignal {
  const socket = raw?.socket ?? own;
  if (!socket) {
    return new AbortController().signal;
  }
  const known = signals.get(socket);
  if (known) {
    return known;
  }
  const gone = new AbortController();
  signals.set(socket, gone.signal);
  if (socket.destroyed) {
    gone.abort();
  } else {
    socket.once('close', () => gone.abort());
  }
  return gone.signal;
}
