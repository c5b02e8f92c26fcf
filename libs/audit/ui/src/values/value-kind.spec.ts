import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../model/trail.js';
import { plainText, shownValue } from './value-kind.js';

describe('a value', () => {
  it.each<[Json | undefined, string | undefined, object]>([
    [undefined, undefined, { kind: 'absent' }],
    [null, 'string', { kind: 'null' }],
    [false, 'boolean', { kind: 'boolean', text: 'false' }],
    [1.5, 'number', { kind: 'number', text: '1.5' }],
    ['90071992547409930', 'bigint', { kind: 'number', text: '90071992547409930' }],
    ['2026-01-01T00:00:00.000Z', 'Date', { kind: 'time', instant: '2026-01-01T00:00:00.000Z' }],
    ['2026-01-01T00:00:00.000Z', 'string', { kind: 'text', text: '2026-01-01T00:00:00.000Z' }],
    ['infinity', 'Date', { kind: 'text', text: 'infinity' }],
    [{ $masked: 'redact' }, 'string', { kind: 'masked', mask: 'redact', rest: null }],
    [{ $masked: 'last4', value: '1234' }, 'string', { kind: 'masked', mask: 'last4', rest: '1234' }],
    [{ $hidden: true }, 'string', { kind: 'hidden' }],
    [{ $binary: 'aGk=' }, 'Buffer', { kind: 'binary', base64: 'aGk=', bytes: 2 }],
    [
      { $undecodable: { cut: { reason: 'size', prefix: 'abc', bytes: 9000 } } },
      'string',
      { kind: 'cut', prefix: 'abc', bytes: 9000 },
    ],
    [{ $undecodable: { error: 'no' } }, 'string', { kind: 'undecodable', raw: '{"error":"no"}' }],
    [
      { $cut: { reason: 'size', prefix: 'abc', bytes: 9000 } },
      'string',
      { kind: 'cut', prefix: 'abc', bytes: 9000 },
    ],
    [{ $mask: { kind: 'last4', value: '1234' } }, 'string', { kind: 'masked', mask: 'last4', rest: '1234' }],
    [{ $date: '2026-01-01T00:00:00.000Z' }, undefined, { kind: 'time', instant: '2026-01-01T00:00:00.000Z' }],
    [{ $object: [['$masked', 'last4']] }, undefined, { kind: 'tree', json: { $masked: 'last4' } }],
    [{ $masked: 'last4', other: 1 }, undefined, { kind: 'tree', json: { $masked: 'last4', other: 1 } }],
    [{ $hidden: true, other: 1 }, undefined, { kind: 'tree', json: { $hidden: true, other: 1 } }],
    [[1, 2], undefined, { kind: 'tree', json: [1, 2] }],
  ])('%j of type %s is shown as %j', (value, type, shown) => {
    expect(shownValue(value, type)).toEqual(shown);
  });

  it('can be anything at all', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.option(fc.constantFrom('Date', 'string', 'bigint'), { nil: undefined }),
        (value, type) => {
          expect(typeof shownValue(value as Json, type).kind).toBe('string');
          expect(typeof plainText(value as Json)).toBe('string');
        },
      ),
    );
  });
});
