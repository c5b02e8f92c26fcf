import { describe, expect, it } from '@jest/globals';
import { HIDDEN, HiddenPaths } from './hidden-paths.js';

const hidden = new HiddenPaths(['fee', 'extra.secret', 'place']);

describe('HiddenPaths', () => {
  it.each([
    ['fee', '1.00', HIDDEN],
    ['fee', null, HIDDEN],
    ['feed', '1.00', '1.00'],
    ['place.city', 'Kiel', HIDDEN],
    ['extra', { secret: 1, open: 2 }, { secret: HIDDEN, open: 2 }],
    ['extra', { secret: { deep: 1 } }, { secret: HIDDEN }],
    ['extra', [{ secret: 1 }, { open: 2 }], [{ secret: HIDDEN }, { open: 2 }]],
    ['extra', null, null],
    ['extra', {}, {}],
    ['extra', { $object: [['secret', 1]] }, { secret: HIDDEN }],
    ['extra', { $object: [['$set', { secret: 1 }]] }, { $object: [['$set', { secret: 1 }]] }],
    ['extra.secret.deep', 1, HIDDEN],
    ['extra.open', 1, 1],
    ['extra.3.secret', 1, HIDDEN],
    ['extra', [{ secret: 1 }, [{ secret: 2 }]], [{ secret: HIDDEN }, [{ secret: HIDDEN }]]],
  ])('shows %s, %j as %j', (path, value, shown) => {
    expect(hidden.apply(path, value)).toEqual(shown);
  });

  it.each([
    ['a tag, whose members are not what they seem', { $set: [['secret', 1]] }],
    ['an object whose members cannot be told', { $map: [['secret', 1]] }],
    ['a text', '{"secret":'],
  ])('hides %s as a whole', (_, value) => {
    expect(hidden.apply('extra', value)).toBe(HIDDEN);
  });

  it('touches what is inside and what is around', () => {
    expect(
      ['fee', 'extra', 'extra.secret.deep', 'place.city', 'place'].every((path) => hidden.touches(path)),
    ).toBe(true);
    expect(['title', 'extra.open', 'feed', 'pla'].some((path) => hidden.touches(path))).toBe(false);
    expect(HiddenPaths.ALL.touches('anything')).toBe(true);
    expect(HiddenPaths.NONE.touches('anything')).toBe(false);
  });
});
