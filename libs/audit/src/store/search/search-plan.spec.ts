import { describe, expect, it } from '@jest/globals';
import { type ChangeFilter, EVERYTHING } from './change-filter.js';
import { isTested, planOf, revisionPlanOf } from './search-plan.js';

const filter = (given: Partial<ChangeFilter>): ChangeFilter => ({ ...EVERYTHING, ...given });
const actor = { type: 'user', id: '7' } as const;
const whole = { types: ['order'], id: '1' };
const scope = { metadata: null, entityTypes: null, partOf: null, anyOf: null };

describe('a search looks', () => {
  it.each([
    ['at changes by time, for everything', {}, 'changesByTime', null],
    ['at changes of a type', { entityTypes: ['order'] }, 'changes', null],
    [
      'at changes of an entity, whoever made them',
      { entityTypes: ['order'], entityIds: ['1'], actor },
      'changes',
      null,
    ],
    ['at changes themselves, whoever made them', { changeIds: ['7'], actor }, 'changes', null],
    ['at changes of a whole', { partOf: whole, from: new Date() }, 'changes', null],
    ['at changes of the wholes of a scope', { scope: { ...scope, partOf: [whole] } }, 'changes', null],
    ['at changes of an actor', { actor, entityTypes: ['order'] }, 'changesByTime', null],
    ['at changes by time', { from: new Date(), entityTypes: ['order'] }, 'changesByTime', null],
    ['at changes by time, of a kind of actor', { actor: { type: 'user', id: null } }, 'changesByTime', null],
    ['at revisions of a request', { actor, correlationId: 'c' }, 'revisions', 'correlationId'],
    ['at revisions of failures', { outcome: 'denied', action: 'a' }, 'revisions', 'outcome'],
    ['at revisions by time, for successes', { outcome: 'success' }, 'revisions', null],
    [
      'at revisions of the metadata of a scope',
      { scope: { ...scope, metadata: { a: 1 } } },
      'revisions',
      null,
    ],
  ] as const)('%s', (_, given, looksAt, header) => {
    expect(planOf(filter(given as Partial<ChangeFilter>))).toMatchObject({
      looksAt,
      ...(looksAt === 'revisions' && { header }),
    });
  });

  it('at revisions, unless an index of changes serves', () => {
    expect(revisionPlanOf(filter({})).looksAt).toBe('revisions');
    expect(revisionPlanOf(filter({ operations: ['delete'] })).looksAt).toBe('revisions');
    expect(revisionPlanOf(filter({ entityTypes: ['order'] })).looksAt).toBe('changes');
    expect(revisionPlanOf(filter({ actor, operations: ['delete'] }))).toMatchObject({
      looksAt: 'revisions',
      header: 'actor',
    });
  });
});

describe('rows are tested', () => {
  it.each([
    [{}, false],
    [{ entityTypes: ['order'] }, false],
    [{ entityTypes: ['order'], entityIds: ['1'] }, false],
    [{ actor, from: new Date(), until: new Date() }, false],
    [{ actor, action: 'a' }, true],
    [{ actor: { type: 'user', id: null } }, true],
    [{ entityTypes: ['order'], operations: ['create'] }, true],
    [{ partOf: whole, scope }, true],
  ] as const)('only for what no index serves: %j', (given, tested) => {
    expect(isTested(planOf(filter(given as Partial<ChangeFilter>)))).toBe(tested);
  });
});
