import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue } from '../../model/json.js';
import type { MaskKind } from '../../policy/policy-declaration.js';
import { MaskedValue, maskValue } from './mask.js';
import { DEFAULT_VALUE_LIMITS, decodeValue, encodeValue } from './value-codec.js';

const redacted = { $mask: { kind: 'redact' } };
const last4 = (value: string) => ({ $mask: { kind: 'last4', value } });

describe('maskValue', () => {
  it.each<MaskKind>(['redact', 'last4', 'hash'])('%s leaves null', (kind) => {
    expect(maskValue(kind, null, 'key')).toBeNull();
  });

  it.each<JsonValue>(['open', 12, true, ['a'], { a: 1 }, ''])('redacts %j', (value) => {
    expect(maskValue('redact', value, 'key')).toEqual(redacted);
  });

  it.each<[JsonValue, JsonValue]>([
    ['4111111111111234', last4('1234')],
    ['12345678', last4('5678')],
    ['1234567', redacted],
    [12345678, last4('5678')],
    [1234567, redacted],
    ['💥💥💥💥💥💥💥', redacted],
    ['💥💥💥💥💥💥💥💥', last4('💥💥💥💥')],
    ['a💥💥💥b💥💥c', last4('b💥💥c')],
    [['12345678'], redacted],
    [{ $bigint: '1234567890' }, redacted],
    [true, redacted],
  ])('last4 of %j is %j', (value, expected) => {
    expect(maskValue('last4', value, undefined)).toEqual(expected);
  });

  it('hashes with the key, the same for equal values', () => {
    const hash = maskValue('hash', { a: 1, b: 2 }, 'key');
    expect(hash).toEqual({ $mask: { kind: 'hash', value: expect.stringMatching(/^[0-9a-f]{32}$/) } });
    expect(maskValue('hash', { b: 2, a: 1 }, 'key')).toEqual(hash);
    expect(maskValue('hash', { b: 2, a: 1 }, 'other key')).not.toEqual(hash);
    expect(maskValue('hash', { b: 2, a: 2 }, 'key')).not.toEqual(hash);
  });

  it.each([undefined, ''])('redacts instead of hashing with the key %j', (key) => {
    expect(maskValue('hash', 'open', key)).toEqual(redacted);
  });

  it('is decoded to a MaskedValue, which encodes to the same again', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<MaskKind>('redact', 'last4', 'hash'),
        fc.string({ unit: 'grapheme' }),
        (kind, text) => {
          const masked = maskValue(kind, text, 'key');
          const decoded = decodeValue(masked);
          expect(decoded).toBeInstanceOf(MaskedValue);
          expect(encodeValue(decoded, DEFAULT_VALUE_LIMITS)).toEqual(masked);
        },
      ),
    );
    expect(decodeValue(last4('1234'))).toEqual(new MaskedValue('last4', '1234'));
    expect(decodeValue(redacted)).toEqual(new MaskedValue('redact', null));
  });
});
