import type { ServerResponse } from 'node:http';

/** A response of Express, or a reply of Fastify. */
export type Sending = ServerResponse | { readonly raw: ServerResponse };

export function responseOf(sending: Sending): ServerResponse {
  return 'raw' in sending ? sending.raw : sending;
}

/** Calls back once nothing more can be sent, at once where that is so already. */
export function onceClosed(sending: Sending, callback: () => void): void {
  const response = responseOf(sending);
  if (response.closed) {
    callback();
  } else {
    response.once('close', callback);
  }
}
