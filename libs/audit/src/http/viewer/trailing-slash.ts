import type { AbstractHttpAdapter } from '@nestjs/core';

interface FastifyRoute {
  readonly url: string;
  readonly method: string | readonly string[];
}

interface FastifyRoutes {
  addHook(name: 'onRoute', hook: (route: FastifyRoute) => void): unknown;
  route(route: FastifyRoute): unknown;
}

/**
 * Lets Fastify find the page at `ui/` too: it tells that from `ui`, which Nest makes of every path that ends with a slash.
 * To be called before the routes are there.
 */
export function allowTrailingSlash(adapter: AbstractHttpAdapter, path: string): void {
  if (adapter.getType() !== 'fastify') {
    return;
  }
  const fastify = adapter.getInstance<FastifyRoutes>();
  const end = `/${path}/ui`;
  fastify.addHook('onRoute', (route) => {
    if (route.url.endsWith(end) && [route.method].flat().includes('GET')) {
      fastify.route({ ...route, method: 'GET', url: `${route.url}/` });
    }
  });
}
