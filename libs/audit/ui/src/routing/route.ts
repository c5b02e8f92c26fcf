/** The views of an entity page. */
export const ENTITY_VIEWS = ['story', 'past', 'compare', 'blame'] as const;
export type EntityView = (typeof ENTITY_VIEWS)[number];

/** A page of the viewer; its query string is kept beside it. */
export type Route =
  | { readonly page: 'timeline' }
  | { readonly page: 'activity' }
  | { readonly page: 'coverage' }
  | { readonly page: 'revision'; readonly id: string }
  | { readonly page: 'entity'; readonly type: string; readonly id: string }
  | { readonly page: 'unknown' };

/** The page of a path below the viewer's root; bad percent encoding is an unknown page. */
export function readRoute(path: string): Route {
  const parts = decode(path.replace(/^\/+|\/+$/g, '').split('/'));
  const [first, second, third] = parts;
  if (parts.length === 1 && first === '') return { page: 'timeline' };
  if (parts.length === 1 && first === 'activity') return { page: 'activity' };
  if (parts.length === 1 && first === 'coverage') return { page: 'coverage' };
  if (parts.length === 2 && first === 'revisions' && second) return { page: 'revision', id: second };
  if (parts.length === 3 && first === 'entities' && second && third) {
    return { page: 'entity', type: second, id: third };
  }
  return { page: 'unknown' };
}

/** The path of a page below the viewer's root, without a slash at its beginning. */
export function writeRoute(route: Route): string {
  switch (route.page) {
    case 'timeline':
    case 'unknown':
      return '';
    case 'activity':
    case 'coverage':
      return route.page;
    case 'revision':
      return `revisions/${encode(route.id)}`;
    case 'entity':
      return `entities/${encode(route.type)}/${encode(route.id)}`;
  }
}

/** Browsers take `.` and `..` out of a path, encoded or not: such a segment begins with a tilde. */
function encode(segment: string): string {
  return (/^(?:~|\.{1,2}$)/.test(segment) ? '~' : '') + encodeURIComponent(segment);
}

function decode(parts: readonly string[]): readonly string[] {
  try {
    return parts.map((part) => decodeURIComponent(part.replace(/^~/, '')));
  } catch {
    return [];
  }
}
