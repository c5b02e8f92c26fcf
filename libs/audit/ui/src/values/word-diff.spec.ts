import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffSequences } from './sequence-diff.js';
import { diffWords, readableWordDiff } from './word-diff.js';

const words = fc
  .array(
    fc.oneof(
      fc.constantFrom('the', 'pump', ' ', '\n', '.', 'ä', '𝔘', '<b>'),
      fc.string({ unit: 'grapheme' }),
    ),
  )
  .map((parts) => parts.join(''));

describe('a difference of texts', () => {
  it('gives both texts back', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const pieces = diffWords(before, after);
        const side = (left: string): string =>
          pieces
            .filter((piece) => piece.side !== left)
            .map(({ text }) => text)
            .join('');
        expect([side('after'), side('before')]).toEqual([before, after]);
      }),
    );
  });

  it('finds the words that changed, and only those', () => {
    expect(diffWords('Oven 2 does not heat.', 'Oven 2 does heat again.')).toEqual([
      { side: 'both', text: 'Oven 2 does ' },
      { side: 'before', text: 'not ' },
      { side: 'both', text: 'heat' },
      { side: 'after', text: ' again' },
      { side: 'both', text: '.' },
    ]);
    expect(diffWords('replace the seal now', 'replace both seals now')).toEqual([
      { side: 'both', text: 'replace ' },
      { side: 'before', text: 'the seal' },
      { side: 'after', text: 'both seals' },
      { side: 'both', text: ' now' },
    ]);
    expect(diffWords('same', 'same')).toEqual([{ side: 'both', text: 'same' }]);
    expect(diffWords('', '')).toEqual([]);
  });

  it('is not offered for short texts and for rewritten ones', () => {
    expect(readableWordDiff('open', 'closed')).toBeNull();
    expect(readableWordDiff('a b c d e f g h i j k l m n', 'zzzz yyyy xxxx wwww vvvv uuuu')).toBeNull();
    expect(
      readableWordDiff('Replace the extraction fan today', 'Replace the extraction fan tomorrow'),
    ).not.toBeNull();
  });
});

it('a difference of sequences that are too long is that of their middle', () => {
  const long = Array.from({ length: 3000 }, (_, index) => index);
  const other = long.map((item) => (item === 0 || item === 2999 ? item : -item));
  expect(diffSequences(long, other).map(({ side, items }) => [side, items.length])).toEqual([
    ['both', 1],
    ['before', 2998],
    ['after', 2998],
    ['both', 1],
  ]);
});
