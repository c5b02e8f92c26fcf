import { describe, expect, it } from '@jest/globals';
import { requestUserActor } from './actor.js';
import { HiddenNames } from './hidden-names.js';

const hiding = (...names: readonly string[]): HiddenNames => {
  const hidden = new HiddenNames();
  for (const name of names) {
    hidden.add(name);
  }
  return hidden;
};
const actorOf = (request: unknown, source: string | null = 'http') => requestUserActor()({ source, request });

describe('the default actor resolver', () => {
  it.each([
    ['id and name', { id: 'u1', name: 'Anna', email: 'a@x' }, 'u1', 'Anna'],
    ['sub, as in a token', { sub: 's1' }, 's1', null],
    ['id rather than sub', { id: 'u1', sub: 's1' }, 'u1', null],
    ['email where there is no name', { id: 'u1', email: 'a@x' }, 'u1', 'a@x'],
    ['a number', { id: 42, name: 7 }, '42', '7'],
    ['zero', { id: 0 }, '0', null],
    ['a bigint', { id: 2n ** 63n }, '9223372036854775808', null],
  ])('takes %s', (_title, user, id, label) => {
    expect(actorOf({ user })).toEqual({ type: 'user', id, label });
  });

  it.each([
    [['email'], 'Anna'],
    [['name'], 'a@x'],
    [['name', 'email'], null],
    [['fullName'], 'a@x'],
    [['lastname', 'work_email'], null],
    [['fileName', 'emotion'], 'Anna'],
  ])('has no label that shows %j', (hidden, label) => {
    const user = { id: 'u1', name: 'Anna', email: 'a@x' };
    const resolve = requestUserActor(hiding(...hidden));
    expect(resolve({ source: 'http', request: { user } })).toMatchObject({ label });
  });

  it('has no label that is the value of a hidden member under another name', () => {
    const user = { id: 'u1', login: 'anna@x', name: 'anna@x', email: 'anna@x', nick: 'Anna' };
    expect(requestUserActor(hiding('login'))({ source: 'http', request: { user } })).toMatchObject({
      label: null,
    });
    expect(requestUserActor(hiding('nick'))({ source: 'http', request: { user } })).toMatchObject({
      label: 'anna@x',
    });
  });

  it.each([
    ['without a request', undefined],
    ['for null', null],
    ['without a user', {}],
    ['for a null user', { user: null }],
    ['for a user without a key', { user: { name: 'Anna' } }],
    ['for an empty key', { user: { id: '' } }],
    ['for a key that is no text', { user: { id: { a: 1 } } }],
    ['for a user that is only a text', { user: 'anna' }],
  ])('is null %s', (_title, request) => {
    expect(actorOf(request)).toBeNull();
  });

  it.each([
    ['graphql', { user: { id: 'u1' } }],
    ['ws', { user: { id: 'u1' } }],
    ['rpc', { data: {}, context: { user: { id: 'u1' } } }],
  ])('knows where guards of %s leave the user', (source, request) => {
    expect(actorOf(request, source)).toMatchObject({ id: 'u1' });
  });

  it.each([
    ['rpc', { data: { user: { id: 'admin' } }, user: { id: 'admin' }, context: {} }],
    ['rpc', { data: { user: { id: 'admin' } }, context: undefined }],
    ['rmq', { user: { id: 'admin' } }],
    [null, { user: { id: 'admin' } }],
  ])('does not believe a payload of %s', (source, request) => {
    expect(actorOf(request, source)).toBeNull();
  });
});
