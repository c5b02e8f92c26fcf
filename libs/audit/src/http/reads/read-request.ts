import type { JsonObject } from '../../model/json.js';
import { MASKED_TEXT } from '../../serialize/text/secret-texts.js';
import type { HttpRequest } from '../parameters/query-parameters.js';

/** Enough to know what was asked; the URL as a whole is bounded by the server. */
const MAX_CHARACTERS = 256;

/** A request of Express or Fastify to one of the routes. */
export interface RoutedRequest extends HttpRequest {
  readonly params?: Readonly<Record<string, string>>;
}

/**
 * The read that a request asks for, in the words of the routes.
 * @param isHidden of the name of a property or member: what its value was compared with is not told
 */
export function askedOf(
  { originalUrl, url, params = {} }: RoutedRequest,
  isHidden: (name: string) => boolean,
): JsonObject {
  const { type, id } = params;
  const [, query = ''] = (originalUrl ?? url).split(/\?(.*)/s);
  const values = Map.groupBy(new URLSearchParams(query), ([name]) => name);
  const asked = [...values].map(([name, pairs]) => {
    const [first, ...others] = pairs.map(([, value]) => bounded(openValue(name, value, isHidden)));
    return [bounded(name), others.length > 0 ? [first ?? '', ...others] : (first ?? '')] as const;
  });
  return {
    ...(type === undefined ? {} : { entityType: bounded(type) }),
    ...(id === undefined ? {} : { [type === undefined ? 'revisionId' : 'entityId']: bounded(id) }),
    ...(asked.length > 0 ? { query: Object.fromEntries(asked) } : {}),
  };
}

/** `value=path:side:operator:json` and `where.path=json` compare with a value, which is as secret as that of the path. */
function openValue(parameter: string, value: string, isHidden: (name: string) => boolean): string {
  const [, comparison = '', path = ''] =
    parameter === 'value'
      ? (/^(([^:]*):[^:]*:[^:]*:)/.exec(value) ?? [])
      : (/^(where\.)(.*)$/s.exec(parameter) ?? []);
  if (!path.split('.').some(isHidden)) {
    return value;
  }
  return parameter === 'value' ? `${comparison}${MASKED_TEXT}` : MASKED_TEXT;
}

function bounded(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}\u2026` : text;
}
