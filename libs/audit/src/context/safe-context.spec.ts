import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../model/json.js';
import { isSafeText } from '../serialize/text/safe-text.js';
import { safeActor, safeMetadata, safeOrigin, safeText } from './safe-context.js';

const metadata = (value: unknown) => safeMetadata(value as JsonObject);

describe('safeText', () => {
  it('keeps ordinary text, null for what is not there', () => {
    expect([safeText('Grüße 💥'), safeText(''), safeText(null), safeText(undefined)]).toEqual([
      'Grüße 💥',
      '',
      null,
      null,
    ]);
  });

  it('replaces what PostgreSQL refuses', () => {
    expect(safeText('a\u0000b\ud800c')).toBe('a\u2400b\ufffdc');
  });

  it('cuts and says so', () => {
    expect(safeText('x'.repeat(9000))).toHaveLength(8192);
    expect(safeText('abcdef', 4)).toBe('abc…');
    expect(safeText('abcd', 4)).toBe('abcd');
  });

  it('takes whatever is not text', () => {
    expect([safeText(7), safeText(7n), safeText({}), safeText(Object.create(null))]).toEqual([
      '7',
      '7',
      '[object Object]',
      '…',
    ]);
  });
});

describe('safeActor', () => {
  it('bounds the id, which is indexed, in bytes', () => {
    const { id } = safeActor({ type: 'user', id: '語'.repeat(3000), label: null });
    expect(Buffer.byteLength(id ?? '')).toBeLessThan(2000);
    expect(id?.endsWith('…')).toBe(true);
  });

  it('has no type that does not exist', () => {
    expect(safeActor({ type: 'robot', id: '1' } as never)).toEqual({ type: 'unknown', id: '1', label: null });
  });
});

describe('safeOrigin', () => {
  it('has all members as safe texts', () => {
    expect(safeOrigin({ source: 'a\u0000', ip: 7 } as never)).toEqual({
      source: 'a\u2400',
      ip: '7',
      userAgent: null,
      method: null,
      route: null,
      handler: null,
    });
  });
});

describe('safeMetadata', () => {
  it('keeps plain JSON as it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 3 })), (plain) => {
        fc.pre(isSafeText(JSON.stringify(plain)) && !JSON.stringify(plain).includes('\\u'));
        expect(JSON.stringify(metadata(plain))).toBe(JSON.stringify(plain));
      }),
    );
  });

  it('keeps what looks like a tag of the value codec', () => {
    expect(metadata({ $date: 'x', $mask: { kind: 'redact' } })).toEqual({
      $date: 'x',
      $mask: { kind: 'redact' },
    });
  });

  it('makes JSON of what is none', () => {
    const hostile = {
      big: 1n,
      nan: Number.NaN,
      date: new Date(0),
      invalid: new Date(Number.NaN),
      nothing: undefined,
      call: () => 1,
      list: [undefined, 1n],
      get getter(): never {
        throw new Error('no');
      },
    };
    expect(metadata(hostile)).toEqual({
      big: '1',
      nan: 'NaN',
      date: '1970-01-01T00:00:00.000Z',
      invalid: null,
      list: [null, '1'],
      getter: '…',
    });
  });

  it('survives a cycle and an endless depth', () => {
    const cycle: Record<string, unknown> = { a: 1 };
    cycle.self = cycle;
    cycle.twice = [cycle, cycle];
    const json = JSON.stringify(metadata(cycle));
    expect(json.length).toBeLessThan(1_000_000);
    expect(json).toContain('…');
  });

  it('never throws and is always storable', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        fc.string({ unit: 'binary' }),
        (value, text) => {
          const json = metadata({ value, [text]: text });
          expect(/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(json))).toBe(false);
        },
      ),
    );
  });
});
