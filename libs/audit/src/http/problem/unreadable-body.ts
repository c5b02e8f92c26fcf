import type { AbstractHttpAdapter } from '@nestjs/core';
import { InvalidQueryError } from '../../errors/query-errors.js';
import { INTERNAL_PROBLEM, type Problem, problemOf, sendProblem, statusProblem } from './problem.js';

/** The route data that Fastify offers. */
interface RouteHooks {
  addHook(name: 'onRoute', hook: (route: FastifyRoute) => void): unknown;
}

interface FastifyRoute {
  readonly url: string;
  errorHandler?: (error: unknown, request: unknown, reply: object) => void;
}

/**
 * Answers with a problem where a parser of the app fails on a body for one of the routes that take one. Such an error comes
 * before any handler, so filters of controllers never see it. All other routes keep the answers of the app.
 * To be called when the parsers of the app are there and its routes are not.
 */
export function answerUnreadableBodies(adapter: AbstractHttpAdapter, path: string): void {
  const takesBody = new RegExp(
    `(?:^|/)${path}/(?:entities/[^/]+/[^/]+/restore|revisions/[^/]+/undo)(?:-plan)?/?$`,
  );
  if (adapter.getType() === 'fastify') {
    (adapter.getInstance() as RouteHooks).addHook('onRoute', (route) => {
      if (takesBody.test(route.url)) {
        route.errorHandler = (error, _request, reply) => sendProblem(adapter, reply, bodyProblem(error));
      }
    });
  } else {
    // Express tells by the number of parameters that it handles errors.
    adapter.use(
      (
        error: unknown,
        { path: asked }: { readonly path: string },
        response: object,
        next: (error: unknown) => void,
      ) => (takesBody.test(asked) ? sendProblem(adapter, response, bodyProblem(error)) : next(error)),
    );
  }
}

function bodyProblem(error: unknown): Problem {
  const { statusCode } = (error ?? {}) as { readonly statusCode?: unknown };
  if (statusCode === 400) {
    const unreadable = new InvalidQueryError('body', 'is no JSON', 'Send a JSON object.');
    return problemOf(unreadable) ?? INTERNAL_PROBLEM;
  }
  return typeof statusCode === 'number' && statusCode > 400 && statusCode < 500
    ? statusProblem(statusCode, 'The body cannot be taken.')
    : INTERNAL_PROBLEM;
}
