import { describe, expect, it } from '@jest/globals';
import { knownActor } from './known-actor.js';

describe('knownActor', () => {
  it.each([
    [{ type: 'user', id: 'anna', label: 'Anna' }],
    [{ type: 'service', id: '7', label: null }],
    [{ type: 'system', id: 'nightly', label: null }],
    [{ type: 'anonymous', id: null, label: null }],
    [{ type: 'anonymous', id: 'session-1', label: null }],
    [{ type: 'unknown', id: null, label: 'somebody' }],
  ])('is %j', (actor) => {
    expect(knownActor(actor)).toEqual(actor);
  });

  it.each([
    [{ type: 'user', id: 42 }, '42'],
    [{ type: 'user', id: 0 }, '0'],
    [{ type: 'user', id: 2n ** 64n }, '18446744073709551616'],
  ])('takes a number for an id: %p', (actor, id) => {
    expect(knownActor(actor)).toEqual({ type: 'user', id, label: null });
  });

  it.each<[unknown]>([
    [undefined],
    [null],
    ['boss'],
    [5],
    [[]],
    [{}],
    [{ type: 'user' }],
    [{ type: 'user', id: null, label: null }],
    [{ type: 'user', id: '', label: '' }],
    [{ type: 'user', id: ' \t\u200b' }],
    [{ type: 'user', id: Number.NaN }],
    [{ type: 'user', id: { a: 1 } }],
    [{ type: 'user', id: true }],
    [{ type: 'service', id: null }],
    [{ type: 'system', id: '' }],
    [{ type: 'root', id: null }],
    [{ type: ['user'], id: null }],
    [{ type: 'constructor', id: null }],
  ])('knows nobody by %p', (value) => {
    expect(knownActor(value)).toEqual({ type: 'unknown', id: null, label: null });
  });

  it('keeps of nobody what may help', () => {
    expect(knownActor({ type: 'robot', id: '1', label: 'R2' })).toEqual({
      type: 'unknown',
      id: '1',
      label: 'R2',
    });
  });

  it('has no other members', () => {
    expect(knownActor({ type: 'user', id: '1', label: null, passwordHash: 'x' })).not.toHaveProperty(
      'passwordHash',
    );
  });
});
