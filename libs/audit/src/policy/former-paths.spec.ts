import { describe, expect, it } from '@jest/globals';
import { FormerPaths } from './former-paths.js';

describe('paths that were renamed', () => {
  const paths = new FormerPaths({ title: ['name', 'caption'], address: 'place' });

  it('are shown under the present name', () => {
    expect(
      ['name', 'caption', 'title', 'place.city', 'placed', 'other'].map((path) => paths.present(path)),
    ).toEqual(['title', 'title', 'title', 'address.city', 'placed', 'other']);
  });

  it('are looked for under every name', () => {
    expect(paths.stored('title')).toEqual(['title', 'name', 'caption']);
    expect(paths.stored('address.city')).toEqual(['address.city', 'place.city']);
    expect(paths.stored('other')).toEqual(['other']);
  });
});
