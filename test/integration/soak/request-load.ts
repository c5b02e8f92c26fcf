import { Agent, request } from 'node:http';
import { WAYS } from './note.controller.js';

const ACTORS = 1_000;
const CONNECTIONS = 24;
/** More changes make the requests larger before they make them more. */
const REQUESTS = 12_500;
const LEAST_MEAN = 8;

/**
 * Sends requests of up to 1,000 users, many at a time, until they have asked for so many changes.
 * @returns how many users took part
 */
export async function sendWritings(port: number, changes: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const mean = Math.max(LEAST_MEAN, Math.ceil(changes / REQUESTS));
  let left = changes;
  let serial = 0;
  const sendAll = async (): Promise<void> => {
    while (left > 0) {
      const number = ++serial;
      const size = Math.min(left, 1 + ((number * 7) % (2 * mean - 1)));
      left -= size;
      const way = WAYS[Math.floor(Math.random() * WAYS.length)];
      // All of them first, then at random.
      const user = number <= ACTORS ? number - 1 : Math.floor(Math.random() * ACTORS);
      await send(port, agent, `/notes/${way}/${number}/${size}`, `user-${user}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, sendAll));
    return Math.min(serial, ACTORS);
  } finally {
    agent.destroy();
  }
}

function send(port: number, agent: Agent, path: string, user: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request({ port, agent, path, method: 'POST', headers: { 'x-user': user } }, (response) => {
      response.resume().on('end', () => {
        response.statusCode === 201
          ? resolve()
          : reject(new Error(`${path} was answered with ${response.statusCode}`));
      });
    })
      .on('error', reject)
      .end();
  });
}
