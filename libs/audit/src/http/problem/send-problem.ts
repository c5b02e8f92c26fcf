import type { AbstractHttpAdapter } from '@nestjs/core';
import type { Problem } from './problem.js';

/** On Express and Fastify alike. */
export function sendProblem(adapter: AbstractHttpAdapter, response: object, problem: Problem): void {
  adapter.setHeader(response, 'content-type', 'application/problem+json; charset=utf-8');
  adapter.setHeader(response, 'cache-control', 'no-store');
  adapter.reply(response, JSON.stringify(problem), problem.status);
}
