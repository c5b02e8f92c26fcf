import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from './canonical-json.js';
import { DEFAULT_VALUE_LIMITS, decodeValue, encodeValue } from './value-codec.js';

describe('encodeValue beyond the limits', () => {
  it('keeps length, hash and beginning of a long text', () => {
    const text = 'ä💥"'.repeat(1_000);
    const encoded = encodeValue(text, { maxValueBytes: 1_000, maxDepth: 32 });
    const { detail } = decodeValue(encoded) as { detail: Record<string, unknown> };
    expect(detail).toMatchObject({
      reason: 'size',
      of: 'string',
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
    });
    expect(text.startsWith(String(detail.prefix))).toBe(true);
    const length = Buffer.byteLength(JSON.stringify(encoded));
    expect(length).toBeLessThanOrEqual(1_000);
    expect(length).toBeGreaterThan(995);
  });

  it('cuts a container as a whole, whatever the order of its keys', () => {
    const a = { list: Array.from({ length: 500 }, (_, index) => index), $a: 1 };
    const b = { $a: 1, list: a.list };
    const limits = { maxValueBytes: 300, maxDepth: 32 };
    const encoded = encodeValue(a, limits);
    expect(encodeValue(b, limits)).toEqual(encoded);
    expect(encoded).toMatchObject({
      $cut: {
        of: 'json',
        bytes: canonicalJson(a).length,
        prefix: expect.stringMatching(/^\{"\$a":1,"list":\[0,1,/),
      },
    });
  });

  it('cuts exactly when the text is over the limit', () => {
    const limits = { maxValueBytes: 300, maxDepth: 32 };
    expect(encodeValue('x'.repeat(298), limits)).toBe('x'.repeat(298));
    expect(encodeValue('x'.repeat(299), limits)).toHaveProperty('$cut');
    expect(encodeValue('\u0001'.repeat(49), limits)).toBe('\u0001'.repeat(49));
    expect(encodeValue('\u0001'.repeat(50), limits)).toHaveProperty('$cut');
    expect(encodeValue(['x'.repeat(296)], limits)).toEqual(['x'.repeat(296)]);
    expect(encodeValue(['x'.repeat(297)], limits)).toHaveProperty('$cut');
  });

  it('cuts only what is nested too deeply', () => {
    const limits = { maxValueBytes: 1_000, maxDepth: 2 };
    const cut = { $cut: { reason: 'depth' } };
    expect(encodeValue({ a: [[1], 2, new Date(0)] }, limits)).toEqual({
      a: [cut, 2, { $date: '1970-01-01T00:00:00.000Z' }],
    });
    expect(encodeValue([], { ...limits, maxDepth: 0 })).toEqual(cut);
  });

  it('says when a value was too large to be read to its end', () => {
    let unfolding: unknown = 'x';
    for (let level = 0; level < 31; level += 1) {
      unfolding = [unfolding, unfolding];
    }
    expect(encodeValue(unfolding, DEFAULT_VALUE_LIMITS)).toMatchObject({
      $cut: { reason: 'size', sha256: null },
    });
  });

  it('takes a 10 MB text in a short time', () => {
    const text = `${'x'.repeat(9_999_999)}"`;
    encodeValue(text, DEFAULT_VALUE_LIMITS);
    // Of this process: on a busy machine others take their time, too.
    const started = process.cpuUsage();
    encodeValue(text, DEFAULT_VALUE_LIMITS);
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(200);
  });
});
