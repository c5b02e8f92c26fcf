import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Operation } from '../../model/change.js';
import type { ChangeRecord } from '../../model/change-record.js';
import type { JsonObject } from '../../model/json.js';
import { mergeChanges } from './change-merger.js';

type Values = JsonObject | null;

const change = (operation: Operation, before: Values, after: Values, entityId = '1'): ChangeRecord => ({
  entityType: 'order',
  entityId,
  partOfType: null,
  partOfId: null,
  operation,
  before,
  after,
});
const create = (after: JsonObject, id?: string) => change('create', null, after, id);
const update = (before: JsonObject, after: JsonObject, id?: string) => change('update', before, after, id);
const remove = (before: JsonObject, id?: string) => change('delete', before, null, id);
const links = (...ids: string[]) => ({ $links: ids });
const masked = { $mask: { kind: 'redact' } };

const rename = (from: string, to: string, before: JsonObject = {}, after: JsonObject = {}) => ({
  ...update({ id: from, ...before }, { id: to, ...after }, from),
  renamedTo: to,
});

describe('mergeChanges of rows that get another key', () => {
  it.each<[string, ChangeRecord[], ChangeRecord[]]>([
    ['twice give one', [rename('1', '2'), rename('2', '3')], [rename('1', '3')]],
    [
      'and are changed give one',
      [rename('1', '2'), update({ a: 1 }, { a: 2 }, '2')],
      [rename('1', '2', { a: 1 }, { a: 2 })],
    ],
    ['and their old one back give nothing', [rename('1', '2'), rename('2', '1')], []],
    [
      'and their old one back, and are changed, give an update',
      [rename('1', '2'), update({ a: 1 }, { a: 2 }, '2'), rename('2', '1')],
      [update({ id: '1', a: 1 }, { id: '1', a: 2 }, '1')].map(({ before, after, ...others }) => ({
        ...others,
        before: { a: before?.a ?? null },
        after: { a: after?.a ?? null },
      })),
    ],
    [
      'and are deleted give a delete of the old one',
      [rename('1', '2'), remove({ id: '2', a: 1 }, '2')],
      [remove({ id: '1', a: 1 }, '1')],
    ],
    [
      'after they were created give a create of the new one',
      [create({ id: '1', a: 1 }, '1'), rename('1', '2')],
      [create({ id: '2', a: 1 }, '2')],
    ],
    [
      'make room for another row',
      [rename('1', '2'), create({ id: '1', a: 5 }, '1'), update({ a: 5 }, { a: 6 }, '1')],
      [rename('1', '2'), create({ id: '1', a: 6 }, '1')],
    ],
    [
      'that another row has given up meanwhile stay apart',
      [rename('1', '9'), rename('2', '1'), rename('9', '2')],
      [rename('1', '9'), rename('2', '1'), rename('9', '2')],
    ],
    [
      'of a row that was deleted before stay apart, and the next change is one with the last',
      [rename('1', '9'), remove({ id: '2' }, '2'), rename('9', '2'), update({ a: 1 }, { a: 2 }, '2')],
      [rename('1', '9'), remove({ id: '2' }, '2'), rename('9', '2', { a: 1 }, { a: 2 })],
    ],
  ])('%s', (_title, changes, net) => {
    expect(mergeChanges(changes)).toEqual(net);
  });
});

describe('mergeChanges', () => {
  it.each<[string, ChangeRecord[], ChangeRecord[]]>([
    ['nothing of nothing', [], []],
    [
      'a create and an update give a create',
      [create({ a: 1, b: 1 }), update({ a: 1 }, { a: 2 })],
      [create({ a: 2, b: 1 })],
    ],
    ['a create and a delete give nothing', [create({ a: 1 }), remove({ a: 1 })], []],
    [
      'a create, an update and a delete give nothing',
      [create({ a: 1 }), update({ a: 1 }, { a: 2 }), remove({ a: 2 })],
      [],
    ],
    [
      'updates give one from the first before to the last after',
      [update({ a: 1 }, { a: 2 }), update({ a: 2, b: 1 }, { a: 3, b: 2 })],
      [update({ a: 1, b: 1 }, { a: 3, b: 2 })],
    ],
    ['an update and its opposite give nothing', [update({ a: 1 }, { a: 2 }), update({ a: 2 }, { a: 1 })], []],
    [
      'a value that changed back is left out, others stay',
      [update({ a: 1, b: 1 }, { a: 2, b: 2 }), update({ a: 2 }, { a: 1 })],
      [update({ b: 1 }, { b: 2 })],
    ],
    [
      'an update and a delete give a delete with the state before both',
      [update({ a: 1 }, { a: 2 }), remove({ a: 2, b: 1 })],
      [remove({ a: 1, b: 1 })],
    ],
    [
      'a delete and a create of the same key stay two',
      [remove({ a: 1 }), create({ a: 2 })],
      [remove({ a: 1 }), create({ a: 2 })],
    ],
    [
      'a delete, a create and a delete give the first delete',
      [remove({ a: 1 }), create({ a: 2 }), remove({ a: 2 })],
      [remove({ a: 1 })],
    ],
    [
      'a masked value that changed twice has changed',
      [update({ a: masked }, { a: masked }), update({ a: masked }, { a: masked })],
      [update({ a: masked }, { a: masked })],
    ],
    [
      'values are compared by meaning',
      [update({ a: { x: 1, y: 2 } }, { a: 2 }), update({ a: 2 }, { a: { y: 2, x: 1 } })],
      [],
    ],
    [
      'null is a value',
      [update({ a: null }, { a: 1 }), update({ a: 1 }, { a: 2 })],
      [update({ a: null }, { a: 2 })],
    ],
  ])('%s', (_title, changes, expected) => {
    expect(mergeChanges(changes)).toEqual(expected);
  });

  it('keeps entities apart, by type and by id, in the order in which each began', () => {
    const other = { ...create({ z: 1 }), entityType: 'tag' };
    const changes = [create({ a: 1 }), other, create({ a: 1 }, '2'), update({ a: 1 }, { a: 5 })];
    expect(mergeChanges(changes)).toEqual([create({ a: 5 }), other, create({ a: 1 }, '2')]);
  });

  it('does not take one id for another that only looks alike', () => {
    const tricky = { ...create({ b: 1 }), entityType: 'order","1', entityId: '' };
    expect(mergeChanges([create({ a: 1 }), tricky])).toHaveLength(2);
  });

  it('takes the whole of the last change', () => {
    const moved = { ...update({ a: 2 }, { a: 3 }), partOfType: 'order', partOfId: '7' };
    expect(mergeChanges([create({ a: 2 }), moved])[0]).toMatchObject({ operation: 'create', partOfId: '7' });
    expect(mergeChanges([update({ a: 1 }, { a: 2 }), moved])[0]).toMatchObject({ partOfId: '7' });
  });

  it.each<[string, ChangeRecord[], ChangeRecord[]]>([
    [
      'come and go',
      [update({}, { tags: links('a', 'b') }), update({ tags: links('a') }, {})],
      [update({}, { tags: links('b') })],
    ],
    ['go and come back', [update({ tags: links('a') }, {}), update({}, { tags: links('a') })], []],
    [
      'are lost and won',
      [
        update({ tags: links('a') }, { tags: links('b') }),
        update({ tags: links('b') }, { tags: links('c') }),
      ],
      [update({ tags: links('a') }, { tags: links('c') })],
    ],
    [
      'belong to a create',
      [create({ n: 1, tags: links('a') }), update({ tags: links('a') }, { tags: links('b') })],
      [create({ n: 1, tags: links('b') })],
    ],
    [
      'belong to a delete',
      [update({ tags: links('a') }, { tags: links('b') }), remove({ n: 1, tags: links('b', 'c') })],
      [remove({ n: 1, tags: links('c', 'a') })],
    ],
    [
      'with an order are whole lists',
      [
        update({ r: { $list: ['a'] } }, { r: { $list: ['b'] } }),
        update({ r: { $list: ['b'] } }, { r: { $list: ['a'] } }),
      ],
      [],
    ],
  ])('links that %s', (_title, changes, expected) => {
    expect(mergeChanges(changes)).toEqual(expected);
  });

  it('gives the same net change however the steps are grouped', () => {
    const states = fc.array(fc.record({ a: fc.nat(2), b: fc.nat(2) }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(states, fc.nat(7), ([first = { a: 0, b: 0 }, ...rest], at) => {
        const last = rest.at(-1) ?? first;
        const steps = [first, ...rest].flatMap((state, index, all) => stepTo(state, all[index + 1] ?? state));
        const whole = mergeChanges(steps);
        const grouped = mergeChanges([...mergeChanges(steps.slice(0, at)), ...mergeChanges(steps.slice(at))]);
        expect(grouped).toEqual(whole);
        expect(whole).toEqual(stepTo(first, last));
      }),
    );
  });
});

/** The update from one state to another: only what differs, and none when nothing does. */
function stepTo(from: Record<string, number>, to: Record<string, number>): ChangeRecord[] {
  const changed = Object.keys(from).filter((key) => from[key] !== to[key]);
  const pick = (state: Record<string, number>) =>
    Object.fromEntries(changed.map((key) => [key, state[key] ?? 0]));
  return changed.length === 0 ? [] : [update(pick(from), pick(to))];
}
