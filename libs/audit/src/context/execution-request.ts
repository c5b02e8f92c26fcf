import type { ExecutionContext } from '@nestjs/common';

/** What an operation of GraphQL passes to its resolvers, as drivers for Express and for Fastify make it. */
interface GraphqlContext {
  readonly req?: unknown;
  readonly request?: unknown;
}

/** The request of a transport, as ActorSource describes it. */
export function requestOf(execution: ExecutionContext): unknown {
  switch (execution.getType<string>()) {
    case 'graphql': {
      const [, , context] = execution.getArgs<[unknown, unknown, GraphqlContext | undefined]>();
      return context?.req ?? context?.request ?? context;
    }
    case 'rpc': {
      const [data, context] = execution.getArgs<[unknown, unknown]>();
      return { data, context };
    }
    default:
      return execution.getArgByIndex(0);
  }
}

/**
 * Whether a handler works inside the context that the middleware has opened. The messages of other transports are
 * requests of their own; a context that runs there is one that a long-lived connection has kept.
 */
export function sharesHttpContext(source: string): boolean {
  return source === 'http' || source === 'graphql';
}
