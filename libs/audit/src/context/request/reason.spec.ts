import { describe, expect, it } from '@jest/globals';
import { reasonReader } from './reason.js';

const both = reasonReader({ header: 'X-Reason', body: 'reason' });

describe('the reason of a request', () => {
  it.each<[string, unknown, string | null]>([
    ['the header', { headers: { 'x-reason': 'h' } }, 'h'],
    ['the body first', { headers: { 'x-reason': 'h' }, body: { reason: 'b' } }, 'b'],
    [
      'the header when the body has a blank one',
      { headers: { 'x-reason': 'h' }, body: { reason: ' ' } },
      'h',
    ],
    ['nothing of a body that is no object', { headers: {}, body: 'reason' }, null],
    ['nothing that is no text', { headers: { 'x-reason': ['a'] }, body: { reason: { a: 1 } } }, null],
    ['nothing inherited', { headers: {}, body: Object.create({ reason: 'x' }) }, null],
    ['nothing without a request', undefined, null],
    ['nothing of a payload', 'text', null],
  ])('is %s', (_title, request, expected) => {
    expect(both?.(request)).toBe(expected);
  });

  it('may come from a function, which may fail', () => {
    expect(reasonReader(() => 'because')?.({})).toBe('because');
    const failing = reasonReader(() => {
      throw new Error('no');
    });
    expect(failing?.({})).toBeNull();
  });

  it('is not looked for without the option', () => {
    expect(reasonReader(undefined)).toBeNull();
  });
});
