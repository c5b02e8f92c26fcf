import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { textsOfKey } from './texts-of-key.js';

describe('textsOfKey', () => {
  it('gives back the texts of which an id was made', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (texts) => {
        const [only = ''] = texts;
        const id = texts.length === 1 ? only : JSON.stringify(texts);
        expect(textsOfKey(id, texts.length)).toEqual(texts);
      }),
    );
  });

  it.each(['', '[', 'null', '{}', '["a"]', '["a","b","c"]', '["a",1]', 'a'])(
    'no key of two columns has the id %j',
    (id) => {
      expect(textsOfKey(id, 2)).toBeUndefined();
    },
  );

  it('any text is the id of a key with one column', () => {
    expect(textsOfKey('["a","b"]', 1)).toEqual(['["a","b"]']);
  });
});
