import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalMembers, canonicalString, canonicalText } from './canonical-text.js';

describe('vectors of RFC 8785', () => {
  it('3.2.2: white space, numbers, escapes, literals', () => {
    const json = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    // The one difference: no double holds the first number, so it keeps its digits.
    expect(canonicalText(json.replace('333333333.33333329', '333333333.3333333'))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
    expect(canonicalText('[333333333.33333329]')).toBe('[33333333333333329e-8]');
  });

  it('3.2.3: keys in the order of UTF-16 code units', () => {
    const json = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`;
    const values = [...canonicalText(json).matchAll(/:"([^"]*)"/g)].map(([, value]) => value);
    expect(values).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['-0.0e5', '0'],
    ['5e-324', '5e-324'],
    ['1.7976931348623157e308', '1.7976931348623157e+308'],
    ['9007199254740992', '9007199254740992'],
    ['-9007199254740992', '-9007199254740992'],
    ['295147905179352830000', '295147905179352830000'],
    ['9.999999999999997e22', '9.999999999999997e+22'],
    ['1e23', '1e+23'],
    ['999999999999999900000', '999999999999999900000'],
    ['1e21', '1e+21'],
    ['0.000001', '0.000001'],
    ['9.999999999999997e-7', '9.999999999999997e-7'],
    ['333333333.3333332', '333333333.3333332'],
    ['333333333.33333325', '333333333.33333325'],
    ['-0.0000033333333333333333', '-0.0000033333333333333333'],
    ['1424953923781206.2', '1424953923781206.2'],
  ])('appendix B: the number %s', (number, canonical) => {
    expect(canonicalText(number)).toBe(canonical);
  });
});

describe('beyond RFC 8785', () => {
  it.each([
    ['9007199254740993', '9007199254740993e0'],
    ['90071992547409930', '9007199254740993e1'],
    ['9007199254740993.00', '9007199254740993e0'],
    ['0.10000000000000000001', '10000000000000000001e-20'],
    ['-1e400', '-1e400'],
    ['10e399', '1e400'],
    ['1e-400', '1e-400'],
  ])('%s keeps what no double holds', (number, canonical) => {
    expect(canonicalText(number)).toBe(canonical);
  });

  it('is what JSON.stringify has of any value, with keys in order', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'large', stringUnit: 'binary' }), fc.nat(3), (value, indent) => {
        expect(canonicalText(JSON.stringify(value, null, indent))).toBe(ordered(value));
      }),
      { numRuns: 1_000 },
    );
  });

  it('has no depth that is too deep', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(canonicalText(deep)).toBe(deep);
  }, 60_000);

  it.each([
    '',
    '{',
    '[1,]',
    '[,1]',
    '{"a":1,}',
    '{"a" 1}',
    '{a:1}',
    '[1 2]',
    '[1}',
    '1 2',
    '01',
    '+1',
    '.5',
    '1.',
    '1e',
    '1e9999999999',
    'nul',
    'NaN',
    '"',
    '"\\',
    '"\\"',
    '"\\x"',
    '"\u0001"',
    '"\ud800"',
    '"\\ud800"',
    '{"\\udc00":1}',
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '\ufeff1',
    '{"a":[{"b":1,"b":2}]}',
  ])('refuses %j', (text) => {
    expect(() => canonicalText(text)).toThrow(/AUDIT_EVIDENCE_FORMAT/);
  });

  it('takes what JSON.parse takes, and nothing else', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '\\',
      '1',
      '-',
      '.',
      'e',
      'null',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        let value: unknown;
        let isJson = true;
        try {
          value = JSON.parse(text);
        } catch {
          isJson = false;
        }
        if (!isJson) {
          expect(() => canonicalText(text)).toThrow();
        } else if (text.split('"a"').length < 3) {
          expect(canonicalText(text)).toBe(ordered(value));
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('gives the members of an object alone', () => {
    expect([...(canonicalMembers('{"b": [1, 2], "a": {"d": 1, "c": null}}') ?? [])]).toEqual([
      ['b', '[1,2]'],
      ['a', '{"c":null,"d":1}'],
    ]);
    expect(canonicalMembers('{}')?.size).toBe(0);
    expect(canonicalMembers('[]')).toBeNull();
    expect(canonicalMembers('"{}"')).toBeNull();
    expect(() => canonicalString('\ud800')).toThrow(/surrogate/);
  });
});

function ordered(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(ordered).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${ordered(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
