const SEGMENTS = ['a', 'b', 'c', 'd', 'e', 'f'];

/**
 * Route paths of up to six segments. Express and Fastify have no spelling of a wildcard in common that neither warns of.
 * @param start what they begin with; itself is one of them
 */
export function deepPaths(start: string): string[] {
  return [
    start,
    ...SEGMENTS.map((_, last) =>
      [start, ...SEGMENTS.slice(0, last + 1).map((name) => `:${name}`)]
        .filter((part) => part !== '')
        .join('/'),
    ),
  ];
}
