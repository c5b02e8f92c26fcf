import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Route, readRoute, writeRoute } from './route.js';

const segment = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc.constantFrom('.', '..', '~', '~..', 'a/b', '%2F', 'a?b#c'),
);
const route: fc.Arbitrary<Route> = fc.oneof(
  fc.constantFrom<Route>({ page: 'timeline' }, { page: 'activity' }, { page: 'coverage' }),
  segment.map((id) => ({ page: 'revision', id }) as const),
  fc.tuple(segment, segment).map(([type, id]) => ({ page: 'entity', type, id }) as const),
);

describe('routes', () => {
  it('come back as they were, whatever ids hold', () => {
    fc.assert(
      fc.property(route, (wanted) => {
        const { pathname } = new URL(`https://host.example/audit/ui/${writeRoute(wanted)}`);
        expect(readRoute(pathname.slice('/audit/ui/'.length))).toEqual(wanted);
      }),
    );
  });

  it.each(['nothing', 'revisions', 'revisions/', 'entities/a', 'entities/a/b/c', 'revisions/%E0%A4%A'])(
    '%s is unknown',
    (path) => {
      expect(readRoute(path)).toEqual({ page: 'unknown' });
    },
  );
});
