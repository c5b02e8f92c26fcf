import { describe, expect, it } from '@jest/globals';
import { hidesValue } from './hides-value.js';

describe('hidesValue', () => {
  it.each([
    [{ $mask: { kind: 'redact' } }, true],
    [[1, { $mask: { kind: 'hash', value: 'x' } }], true],
    [{ a: { b: [{ $mask: { kind: 'last4', value: '1234' } }] } }, true],
    [{ $cut: { bytes: 9 } }, true],
    [{ $cut: { bytes: 9, sha256: 'x' } }, false],
    [{ a: [{ $cut: { bytes: 9 } }] }, true],
    [{ a: 1, $mask: { kind: 'redact' } }, false],
    [{ a: 1, $cut: { bytes: 9 } }, false],
    [{ $object: [['$mask', { kind: 'redact' }]] }, false],
    [{ $object: [['$a', { $mask: { kind: 'redact' } }]] }, true],
    [null, false],
    ['$mask', false],
    [{ mask: 1 }, false],
    [[], false],
  ])('of %j is %p', (value, expected) => {
    expect(hidesValue(value)).toBe(expected);
  });
});
