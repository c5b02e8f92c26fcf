import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { actorName, FACE_COLORS, faceColor, initials } from './actor-face.js';

describe('the face of an actor', () => {
  it.each([
    ['Anna Berg', 'AB'],
    ['Juan Carlos de la Vega', 'JV'],
    ['nightly-billing', 'NB'],
    ['élodie', 'É'],
    ['<script>', 'S'],
    ['…', '?'],
    ['', '?'],
  ])('of %s is %s', (name, letters) => {
    expect(initials(name)).toBe(letters);
  });

  it('has one of the colors, which a new label does not change', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (type, id) => {
        const color = faceColor({ type, id, label: null });
        expect(faceColor({ type, id, label: 'renamed' })).toBe(color);
        expect(Array.from({ length: FACE_COLORS }, (_, index) => index)).toContain(color);
      }),
    );
  });

  it('has the best name there is', () => {
    expect(actorName({ type: 'user', id: '7', label: 'Ada' })).toBe('Ada');
    expect(actorName({ type: 'user', id: '7', label: null })).toBe('7');
    expect(actorName({ type: 'unknown', id: null, label: null })).toBe('unknown');
  });
});
