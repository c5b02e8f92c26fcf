import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** A request to a route that the app describes. */
export interface Attempt {
  readonly method: (typeof METHODS)[number];
  /** As the document names it. */
  readonly route: string;
  readonly path: string;
  readonly body?: object;
}

/** The values that fill routes. */
export interface AttackMaterial {
  readonly places: readonly { readonly type: string; readonly id: string }[];
  readonly revisions: readonly string[];
  /** Query strings for a route that takes parameters of these names; an empty one is none. */
  readonly queries: (names: readonly string[]) => readonly string[];
  readonly bodies: readonly object[];
}

/** Every route and method of the running app's document, with each place, query and body: a new route is there by itself. */
export function describedAttempts(
  app: INestApplication,
  { places, revisions, queries, bodies }: AttackMaterial,
): readonly Attempt[] {
  const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
  return Object.entries(paths).flatMap(([route, item]) =>
    METHODS.flatMap((method): readonly Attempt[] => {
      const operation = item[method];
      if (!operation) {
        return [];
      }
      const names = (operation.parameters ?? []).flatMap((one) =>
        'in' in one && one.in === 'query' ? [one.name] : [],
      );
      const filled = route.includes('{type}')
        ? places.map(({ type, id }) => route.replace('{type}', type).replaceAll(/\{\w+\}/g, id))
        : route.includes('{')
          ? revisions.map((id) => route.replaceAll(/\{\w+\}/g, id))
          : [route];
      const isRead = method === 'get';
      return [...new Set(filled)].flatMap((path) =>
        (isRead ? queries(names) : ['']).flatMap((query) =>
          (isRead ? [undefined] : bodies).map((body) => ({
            method,
            route,
            path: query === '' ? path : `${path}?${query}`,
            ...(body ? { body } : {}),
          })),
        ),
      );
    }),
  );
}

/** The first attempt on each route. */
export function oneOfEach(attempts: readonly Attempt[]): readonly Attempt[] {
  const routes = Map.groupBy(attempts, ({ method, route }) => `${method} ${route}`);
  return [...routes.values()].flatMap(([first]) => first ?? []);
}

/** An endless answer, until it has a text. */
export async function answerUntil(
  wanted: string,
  response: Response,
  stop: AbortController,
): Promise<string> {
  let text = '';
  for await (const piece of response.body ?? []) {
    text += Buffer.from(piece).toString();
    if (text.includes(wanted)) {
      break;
    }
  }
  stop.abort();
  return text;
}
