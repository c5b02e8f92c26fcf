import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** Sends a JSON body in pieces, of which the last ones come when the request is being handled. @returns the status */
export async function postInPieces(port: number, path: string, user: string, body: string): Promise<number> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
  try {
    await once(socket, 'connect');
    const head = ['Host: localhost', 'Content-Type: application/json', `Content-Length: ${body.length}`];
    socket.write(
      `${[`POST ${path} HTTP/1.1`, ...head, `X-User: ${user}`, `X-Request-Id: ${user}`].join('\r\n')}\r\n\r\n`,
    );
    const size = Math.ceil(body.length / 4);
    for (let start = 0; start < body.length; start += size) {
      await setTimeout(5);
      socket.write(body.slice(start, start + size));
    }
    const [answer] = (await once(socket, 'data')) as [string];
    return Number(answer.slice(9, 12));
  } finally {
    socket.destroy();
  }
}

/** Reads the answer slowly, so that the server has to wait. @returns the status */
export async function readSlowly(url: string, user: string): Promise<number> {
  const response = await fetch(url, { headers: { 'x-user': user, 'x-request-id': user } });
  for await (const _ of response.body ?? []) {
    await setTimeout(1);
  }
  return response.status;
}

/** Goes away as soon as it has its answer. @returns the status */
export async function postAndLeave(url: string, user: string): Promise<number> {
  const headers = { 'x-user': user, 'x-request-id': user, connection: 'close' };
  const response = await fetch(url, { method: 'POST', headers });
  await response.arrayBuffer();
  return response.status;
}
