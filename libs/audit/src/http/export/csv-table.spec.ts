import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvRow } from './csv-table.js';

/** Reads RFC 4180. */
function parse(row: string): string[] {
  const cells = [''];
  let isQuoted = false;
  const characters = row.slice(0, -2);
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters.charAt(at);
    if (character === '"' && isQuoted && characters[at + 1] === '"') {
      cells.push(`${cells.pop()}"`);
      at += 1;
    } else if (character === '"') {
      isQuoted = !isQuoted;
    } else if (character === ',' && !isQuoted) {
      cells.push('');
    } else {
      cells.push(cells.pop() + character);
    }
  }
  return cells;
}

describe('csvRow', () => {
  it('quotes what has commas, quotes or line ends, and ends the line', () => {
    expect(csvRow(['a', null, 'b,c', 'say "hi"', 'two\nlines', ''])).toBe(
      'a,,"b,c","say ""hi""","two\nlines",\r\n',
    );
  });

  it.each([
    '=1',
    '+1',
    '-1',
    '@a',
    '\ta',
    '\ra',
    '\na',
    '\0a',
    ' =1',
    '\u3000=1',
    '＝1',
    '＋1',
    '－1',
    '＠a',
  ])('puts an apostrophe before %j', (text) => {
    expect(parse(csvRow([text]))).toEqual([`'${text}`]);
  });

  it('spells out what would make a text look like another one', () => {
    expect(parse(csvRow(['admin\u202etxt.exe\u202c', '\u2066=1\u2069', 'שלום\u200f!']))).toEqual([
      'admin[U+202E]txt.exe[U+202C]',
      '[U+2066]=1[U+2069]',
      'שלום\u200f!',
    ]);
  });

  it('gives back every cell, but for the apostrophe, and none that begins like a formula', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }).filter((text) => !/[\u202a-\u202e\u2066-\u2069]/.test(text)),
      fc
        .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', ' =', '"', '",'), fc.string())
        .map((two) => two.join('')),
    );
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        const row = csvRow(cells);
        const read = parse(row);
        expect(read.map((text, at) => (text === `'${cells[at]}` ? cells[at] : text))).toEqual(cells);
        for (const text of read) {
          expect(text).not.toMatch(/^[=+\-@\t\r\0＝＋－＠]/);
        }
      }),
    );
  });
});
