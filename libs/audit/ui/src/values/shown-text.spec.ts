import { describe, expect, it } from '@jest/globals';
import { shownText } from './shown-text.js';

describe('shownText', () => {
  it('spells out what would make a text look like another one', () => {
    expect(shownText('admin\u202etxt.exe\u202c')).toBe('admin[U+202E]txt.exe[U+202C]');
    expect(shownText('\u2066a\u2069\u202a')).toBe('[U+2066]a[U+2069][U+202A]');
  });

  it('leaves other texts as they are, those that are written from right to left too', () => {
    for (const text of ['', 'plain', 'שלום\u200f!', 'مرحبا\u061c', '👩\u200d🚀']) {
      expect(shownText(text)).toBe(text);
    }
  });
});
