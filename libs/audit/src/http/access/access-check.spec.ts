import { describe, expect, it } from '@jest/globals';
import { assertAccess } from './access-check.js';

const permissions = ['list'];
const of = (entity: unknown) => ({ permissions, entities: { order: entity } });
const all = (members: object) => of({ within: 'all', ...members });

describe('an access', () => {
  it.each<[unknown]>([
    [{ permissions: [], entities: {} }],
    [{ permissions, entities: { '*': { within: 'all' } } }],
    [of({ permissions: [], hidden: [], within: { metadata: { tenant: null } } })],
    [of({ within: { anyOf: [] } })],
  ])('may be %j', (access) => {
    expect(() => assertAccess(access)).not.toThrow();
  });

  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'no object for an access'],
    ['a text', 'everything', 'no object for an access'],
    ['a list', ['list'], 'no object for an access'],
    ['no permissions', { entities: {} }, 'no list of permissions for the access'],
    ['permissions without a value', { permissions: undefined, entities: {} }, 'no list of permissions'],
    ['one permission', { permissions: 'list', entities: {} }, 'no list of permissions'],
    ['a permission without a value', { permissions: [undefined], entities: {} }, 'no list of permissions'],
    ['another permission', { permissions: ['read'], entities: {} }, 'grants "read"'],
    ['no entities', { permissions }, 'no object for the entities'],
    ['a list of entities', { permissions, entities: ['order'] }, 'no object for the entities'],
    ['another member', { permissions, entities: {}, entity: {} }, '"entity"'],
    ['an entity without a value', of(undefined), 'no object for the access to order'],
    ['an entity that is true', of(true), 'no object for the access to order'],
    ['another member of an entity', of({ hide: ['price'] }), '"hide"'],
    // Left alone, these would grant all that the access does, and hide nothing.
    ['permissions of an entity without a value', all({ permissions: undefined }), 'permissions for order'],
    ['hidden properties without a value', all({ hidden: undefined }), 'hides of order'],
    ['hidden properties that are null', all({ hidden: null }), 'hides of order'],
    ['one hidden property', all({ hidden: 'price' }), 'hides of order'],
    ['a hidden property without a value', all({ hidden: [undefined] }), 'hides of order'],
    ['an entity without a scope', of({}), 'does not say which changes of order'],
    [
      'an entity of none of whose actions the scope is said',
      of({ permissions: [] }),
      'which changes of order',
    ],
    ['a scope by another word', of({ within: 'ALL' }), 'is string'],
    ['everything as one of several', of({ within: { anyOf: ['all'] } }), 'is string'],
    ['a scope without a value', of({ within: undefined }), 'is undefined'],
    ['a scope that is null', of({ within: null }), 'is null'],
    ['a scope that says nothing', of({ within: {} }), 'says nothing'],
    ['a misspelt scope', of({ within: { metdata: { tenant: 'a' } } }), '"metdata"'],
    ['a scope of no metadata', of({ within: { metadata: {} } }), 'without a value'],
    [
      'a scope of metadata without a value',
      of({ within: { metadata: { tenant: undefined } } }),
      'without a value',
    ],
    ['a scope of parts without a value', of({ within: { partOf: undefined } }), 'without a value'],
    ['a scope of alternatives without a value', of({ within: { anyOf: undefined } }), 'without a value'],
    ['an alternative that says nothing', of({ within: { anyOf: [{}] } }), 'says nothing'],
    [
      'an alternative deep inside',
      of({ within: { anyOf: [{ anyOf: [{ metadata: {} }] }] } }),
      'without a value',
    ],
  ])('is refused as %s', (_, access, problem) => {
    expect(() => assertAccess(access)).toThrow(problem);
  });

  it.each([{}, { within: undefined }, { within: 'everything' }])(
    'is told how to say everything, instead of %j',
    (entity) => {
      expect(() => assertAccess(of(entity))).toThrow(/or 'all' for the whole trail/);
    },
  );
});
