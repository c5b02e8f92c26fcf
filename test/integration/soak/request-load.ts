import { Agent, request } from 'node:http';
import { WAYS } from './note.controller.js';

const ACTORS = 1_000;
const CONNECTIONS = 24;
/** More changes make the requests larger before they make them more. */
const REQUESTS = 12_500;
const LEAST_MEAN = 8;

/** When enough was sent: after so many changes, or after so long. */
export type LoadGoal = { readonly changes: number } | { readonly seconds: number };

/** The request. */
export interface SentLoad {
  readonly changes: number;
  /** How many users took part. */
  readonly actors: number;
}

/** Sends requests of up to 1,000 users, many at a time. */
export async function sendWritings(port: number, goal: LoadGoal): Promise<SentLoad> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const changes = 'changes' in goal ? goal.changes : Number.POSITIVE_INFINITY;
  const end = 'seconds' in goal ? performance.now() + goal.seconds * 1_000 : Number.POSITIVE_INFINITY;
  const mean = 'changes' in goal ? Math.max(LEAST_MEAN, Math.ceil(changes / REQUESTS)) : LEAST_MEAN;
  let sent = 0;
  let serial = 0;
  const sendAll = async (): Promise<void> => {
    while (sent < changes && performance.now() < end) {
      const number = ++serial;
      const size = Math.min(changes - sent, 1 + ((number * 7) % (2 * mean - 1)));
      sent += size;
      const way = WAYS[Math.floor(Math.random() * WAYS.length)];
      // All of them first, then at random.
      const user = number <= ACTORS ? number - 1 : Math.floor(Math.random() * ACTORS);
      await send(port, agent, `/notes/${way}/${number}/${size}`, `user-${user}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, sendAll));
    return { changes: sent, actors: Math.min(serial, ACTORS) };
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
