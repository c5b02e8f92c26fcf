import { request as send } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import { EVERYTHING } from './law-firm-app.js';
import { VALUES } from './random-queries.js';

/** A request as it is sent, byte for byte as far as Node lets it. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Whether the client leaves at once. */
  readonly leaves: boolean;
}

const READERS: readonly (AuditAccess | null)[] = [
  EVERYTHING,
  EVERYTHING,
  {
    ...EVERYTHING,
    entities: { case: { within: { metadata: { tenant: 'a' } }, hidden: ['title', 'extra.a'] } },
  },
  { permissions: ['history'], entities: { client: { within: 'all' } } },
  null,
];

/** Characters that Node sends in no URL or header. */
const sendable = (text: string) =>
  text.replaceAll(/[^\x21-\x7e]/g, (one) => encodeURIComponent(one.toWellFormed()));
const anyText = fc
  .oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary', maxLength: 40 }))
  .map(sendable);

const body = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record(
        {
          to: fc.oneof(
            fc.record({ at: fc.constantFrom('2999-01-01T00:00:00Z', '2000-01-01T00:00:00Z', 'x') }),
            fc.record({ revision: fc.constantFrom('1', '2', '99', '-1', '9'.repeat(30)) }),
            fc.json({ maxDepth: 2 }).map((text) => JSON.parse(text) as unknown),
          ),
          properties: fc.oneof(
            fc.array(fc.constantFrom('title', 'extra', 'place.city', 'nope', '__proto__')),
            fc.anything(),
          ),
          accept: fc.oneof(
            fc.array(fc.constantFrom('still-referenced', 'changed-since', 'nope')),
            fc.anything(),
          ),
          withChildren: fc.oneof(fc.boolean(), fc.anything()),
          token: fc.oneof(fc.string(), fc.constant('r2.e30.e30'), fc.anything()),
          reason: fc.oneof(fc.string({ unit: 'binary', size: 'large' }), fc.anything()),
        },
        { requiredKeys: [] },
      )
      .map(jsonOf),
  },
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '{',
    'null',
    '[]',
    '{"__proto__":{"accept":[]}}',
    `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    'x'.repeat(300_000),
  ),
);

const headers = fc.record(
  {
    'content-type': fc.constantFrom(
      'application/json',
      'application/json',
      'application/json; charset=utf-7',
      'text/plain',
      'multipart/form-data',
      'application/x-www-form-urlencoded',
      '',
    ),
    'last-event-id': anyText,
    'if-none-match': anyText,
    accept: fc.constantFrom('*/*', 'text/event-stream', 'application/xml', 'x'),
    'content-encoding': fc.constantFrom('identity', 'gzip', 'x'),
    'x-forwarded-for': anyText,
    'x-request-id': anyText,
    traceparent: anyText,
    cookie: anyText,
  },
  { requiredKeys: [] },
);

/** Requests to everything that the document describes, each with something that it does not expect. */
export function hostileRequests(document: OpenAPIObject): fc.Arbitrary<HostileRequest> {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    (['get', 'post'] as const).flatMap((method) => {
      const names = (item[method]?.parameters ?? []).flatMap((one) =>
        'in' in one && one.in === 'query' ? [one.name] : [],
      );
      return item[method] ? [{ path, method: method.toUpperCase(), names }] : [];
    }),
  );
  const segment = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('case', 'client', '1', '2') },
    anyText.filter((text) => text !== ''),
  );
  return fc.constantFrom(...operations).chain(({ path, method, names }) => {
    const name = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...(names.length > 0 ? names : ['x'])) },
      anyText,
    );
    return fc
      .record({
        method: fc.oneof(
          { weight: 8, arbitrary: fc.constant(method) },
          fc.constantFrom('PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'POST'),
        ),
        segments: fc.tuple(fc.constantFrom('case', 'client', 'salary', 'nope'), segment),
        tail: fc.oneof(
          { weight: 8, arbitrary: fc.constant('') },
          anyText.map((text) => `/${text}`),
        ),
        pairs: fc.array(fc.tuple(name, anyText), { maxLength: 5 }),
        headers,
        body: fc.option(body, { nil: undefined }),
        reader: fc.constantFrom(...READERS),
        leaves: fc
          .boolean()
          .chain((one) => (one ? fc.integer({ min: 0, max: 9 }).map((at) => at === 0) : fc.constant(false))),
      })
      .map(({ segments: [type, id], tail, pairs, reader, ...others }) => {
        const filled = path.replace('{type}', type).replace('{id}', id) + tail;
        const query = pairs.map(([key, value]) => `${key}=${value}`).join('&');
        return {
          ...others,
          path: query === '' ? filled : `${filled}?${query}`,
          headers: { ...others.headers, ...(reader ? { 'x-access': JSON.stringify(reader) } : {}) },
        };
      });
  });
}

/** The status of the answer; null when the client has left. An event stream is left at its beginning. */
export function statusOf(
  url: string,
  { method, path, headers: sent, body: text, leaves }: HostileRequest,
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    // Without a length, Node sends the body of a GET as if it were the next request.
    const length = text === undefined ? {} : { 'content-length': Buffer.byteLength(text) };
    const outgoing = send({ hostname, port, method, path, headers: { ...sent, ...length } }, (response) => {
      const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true;
      if (isStream) {
        response.destroy();
      } else {
        response.resume();
      }
      response.once('close', () => resolve(response.statusCode ?? null));
    });
    outgoing.once('error', (error: NodeJS.ErrnoException) =>
      // A server may answer what is too large, and hang up, before it has been sent.
      leaves || error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(null) : reject(error),
    );
    outgoing.end(text);
    if (leaves) {
      outgoing.once('finish', () => setImmediate(() => outgoing.destroy()));
    }
  });
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '{';
  }
}
