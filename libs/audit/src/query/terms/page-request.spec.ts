import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidQueryError } from '../../errors/query-errors.js';
import { PageRequest } from './page-request.js';

const QUERY = { types: ['order'], text: null };

function cursorAt(position: readonly string[]): string {
  const page = new PageRequest(QUERY, { limit: 1 }).page(
    [1, 2],
    () => position,
    (item) => item,
  );
  return page.nextCursor ?? '';
}

describe('a page request', () => {
  it('goes on where the page before ended', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (position) => {
        const next = new PageRequest({ text: null, types: ['order'] }, { cursor: cursorAt(position) });
        expect(next.after).toEqual(position);
      }),
    );
  });

  it('has no cursor after the last page', () => {
    const request = new PageRequest(QUERY, { limit: 2 });
    const page = request.page(
      ['a', 'b'],
      () => ['1'],
      (item) => item,
    );
    expect(page).toEqual({ items: ['a', 'b'], nextCursor: null });
  });

  it('refuses the cursor of another query', () => {
    const cursor = cursorAt(['1']);
    expect(() => new PageRequest({ types: ['line'], text: null }, { cursor })).toThrow(
      /AUDIT_INVALID_QUERY.*cursor.*belongs to another query/,
    );
  });

  it('refuses what is no cursor', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (cursor) => {
        expect(() => new PageRequest(QUERY, { cursor })).toThrow(InvalidQueryError);
      }),
    );
    const digest = cursorAt(['1']).slice(0, 17);
    for (const position of ['{}', '[]', '[1]', 'null', 'x']) {
      const cursor = digest + Buffer.from(position).toString('base64url');
      expect(() => new PageRequest(QUERY, { cursor })).toThrow(InvalidQueryError);
    }
  });
});
