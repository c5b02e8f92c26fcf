import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue } from '../../model/json.js';
import { SecretScan } from './secret-scan.js';

const M = { $mask: { kind: 'redact' } };
const scan = new SecretScan();
const every = new SecretScan({ texts: ['url', 'jwt', 'private-key', 'api-key', 'card-number'] });

describe('a value', () => {
  it.each<[JsonValue, JsonValue]>([
    [
      { key: 'password', value: 's' },
      { key: 'password', value: M },
    ],
    [
      [
        { name: 'apiKey', value: 's' },
        { name: 'color', value: 'red' },
      ],
      [
        { name: 'apiKey', value: M },
        { name: 'color', value: 'red' },
      ],
    ],
    [
      { field: 'dbPass', oldValue: 'a', newValue: 'b' },
      { field: 'dbPass', oldValue: M, newValue: M },
    ],
    [
      { header: 'Cookie', values: ['a'] },
      { header: 'Cookie', values: M },
    ],
    [
      { key: 'password', value: null },
      { key: 'password', value: null },
    ],
    [{ deep: [{ a: { key: 'pass_word', val: 1 } }] }, { deep: [{ a: { key: 'pass_word', val: M } }] }],
    [
      [
        ['authorization', 's'],
        ['host', 'h'],
      ],
      [
        ['authorization', M],
        ['host', 'h'],
      ],
    ],
    [
      ['Authorization', 's', 'Host', 'h'],
      ['Authorization', M, 'Host', 'h'],
    ],
    [
      ['X-Api-Key', 's'],
      ['X-Api-Key', M],
    ],
    [
      {
        $map: [
          ['password', 's'],
          ['a', 'b'],
        ],
      },
      {
        $map: [
          ['password', M],
          ['a', 'b'],
        ],
      },
    ],
    ['https://u:s@host/path', M],
    ['see postgres://app:s%40x@db:5432/app for more', M],
    [{ url: 'https://host/?a=1&access_token=s' }, { url: M }],
    ['https://bucket/x?X-Amz-Signature=abc', M],
    [{ $cut: { text: 'https://u:s@host', bytes: 9 } }, M],
  ])('%j is shown as %j', (value, shown) => {
    expect(scan.hide(value)).toEqual(shown);
  });

  it.each<[JsonValue]>([
    [['password', 'email']],
    [['title', 'token', 'price']],
    [{ key: 'color', value: 'red' }],
    [{ name: 'password' }],
    ['https://host/a:b@c'],
    ['https://user@host/'],
    ['ssh://git@host/x'],
    ['https://host/?page=2&sort=name#top'],
    ['a://b://c'],
    ['4111 1111 1111 1111'],
    [4_111_111_111_111_111],
    ['-----BEGIN PRIVATE KEY-----'],
    [null],
    [true],
    [{ $mask: { kind: 'redact' } }],
  ])('%j is left alone', (value) => {
    expect(scan.hide(value)).toBe(value);
  });

  it.each<[JsonValue]>([
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE'],
    ['-----BEGIN PGP PRIVATE KEY BLOCK-----'],
    ['AKIAIOSFODNN7EXAMPLE'],
    [`token ghp_${'a'.repeat(36)}`],
    ['sk_live_0123456789abcdef'],
    ['4111 1111 1111 1111'],
    ['paid with 5555-5555-5555-4444.'],
    [378_282_246_310_005],
  ])('%j is secret by its look, when that is asked for', (value) => {
    expect(every.hide({ a: [value] })).toEqual({ a: [M] });
  });

  it.each<[JsonValue]>([
    ['4111 1111 1111 1112'],
    ['1234567890123'],
    ['2026-11-29 19:25:25.123456'],
    ['0.4111111111111111'],
    [9_007_199_254_740_991],
    ['eyJhbGciOiJIUzI1NiJ9'],
    ['-----BEGIN PUBLIC KEY-----'],
    ['MAKIAIOSFODNN7EXAMPLE'],
  ])('%j is not', (value) => {
    expect(every.hide(value)).toBe(value);
  });

  it('is looked through in proportion to its length', () => {
    const started = process.cpuUsage();
    for (const part of ['://', 'a://b:', 'eyJ', 'eyJaaaaaaaa.', '4 ', '?a=', '-----BEGIN ', 'sk_live_']) {
      every.hide(part.repeat(100_000));
    }
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(5_000);
  });
});

describe('a text or JSON that is for people', () => {
  it.each<[text: string, shown: string]>([
    ['see postgres://app:s@db:5432/app?x=1 for more', 'see postgres://[masked]@db:5432/app?x=1 for more'],
    ['a://u:s@h and b://u:t@h', 'a://[masked]@h and b://[masked]@h'],
    ['https://h/?a=1&access_token=s#top', 'https://h/?a=1&access_token=[masked]#top'],
    ['key:\n-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nend', 'key:\n[masked]\nend'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE, cut', '[masked]'],
    ['paid with 4111 1111 1111 1111, of 4111 1111 1111 1112', 'paid with [masked], of 4111 1111 1111 1112'],
    ['with eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x, and AKIAIOSFODNN7EXAMPLE', 'with [masked], and [masked]'],
    ['Order 7 is late', 'Order 7 is late'],
  ])('%j is shown as %j', (text, shown) => {
    expect(every.texts.masked(text)).toBe(shown);
  });

  it('keeps what is no secret, and shows no secret, whatever stands beside it', () => {
    const part = fc.constantFrom(
      ...[
        'a://',
        'u:s',
        '@h',
        '?token=',
        '&',
        'x ',
        '[masked]',
        '4111111111111111',
        '-----BEGIN ',
        'PRIVATE KEY-----',
      ],
      ...['eyJhbGciOiJI.', 'AKIAIOSFODNN7EXAMPLE', '://', '/', '#sig='],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const shown = every.texts.masked(parts.join(''));
        expect(every.texts.isSecret(shown.replaceAll('[masked]', ' '))).toBe(false);
      }),
    );
  });

  it('is looked at by the names of members and by those beside them, and null stays null', () => {
    const open = { ticket: 7, note: 'as agreed' };
    expect(scan.hideInNotes(open)).toBe(open);
    expect(
      scan.hideInNotes({
        ...open,
        password: 's',
        token: null,
        deep: [{ apiKey: ['s'] }, { key: 'pin', value: 1 }, ['Cookie', 's']],
        headers: [['authorization', 's']],
        link: 'https://u:s@h/x',
      }),
    ).toEqual({
      ...open,
      password: '[masked]',
      token: null,
      deep: [{ apiKey: '[masked]' }, { key: 'pin', value: '[masked]' }, ['Cookie', '[masked]']],
      headers: [['authorization', '[masked]']],
      link: 'https://[masked]@h/x',
    });
  });
});
