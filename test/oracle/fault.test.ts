import { describe, expect, test } from '@jest/globals';
import { HistoryScript } from '../support/fixtures/history-script.js';
import { itemModel } from '../support/fixtures/item-model.js';
import { checkTrail } from './checker.js';
import type { FindingCode } from './finding.js';
import type { OracleInput, TrailChange } from './input.js';

const cup = { id: 1, item_name: 'cup', price: 1.5, note: null };
const mug = { id: 1, item_name: 'mug', price: 2, note: null };

/** One item from create to delete, with tags on the way, and a second one that stays. */
function faithful(): OracleInput {
  return new HistoryScript([itemModel])
    .begin()
    .insert('item', cup)
    .insert('item_tag', { item_id: 1, tag_id: 'red' })
    .change('item', '1', 'create', null, { id: 1, name: 'cup', price: '1.5', tags: { $links: ['red'] } })
    .begin()
    .update('item', cup, mug)
    .insert('item_tag', { item_id: 1, tag_id: 'blue' })
    .change(
      'item',
      '1',
      'update',
      { name: 'cup', price: '1.5' },
      { name: 'mug', price: '2', tags: { $links: ['blue'] } },
    )
    .begin()
    .delete('item', mug)
    .delete('item_tag', { item_id: 1, tag_id: 'red' })
    .delete('item_tag', { item_id: 1, tag_id: 'blue' })
    .change(
      'item',
      '1',
      'delete',
      { id: 1, name: 'mug', price: '2', tags: { $links: ['blue', 'red'] } },
      null,
    )
    .begin()
    .insert('item', { ...cup, id: 2 })
    .change('item', '2', 'create', null, { id: 2, name: 'cup', price: '1.5' })
    .input();
}

function codes(input: OracleInput): FindingCode[] {
  return [...new Set(checkTrail(input).map(({ code }) => code))];
}

/** The faithful history with other changes in the trail. */
function withChanges(edit: (changes: readonly TrailChange[]) => readonly TrailChange[]): OracleInput {
  const input = faithful();
  return { ...input, changes: edit(input.changes) };
}

function editing(id: string, edit: (change: TrailChange) => Partial<TrailChange>): OracleInput {
  return withChanges((changes) =>
    changes.map((change) => (change.id === id ? { ...change, ...edit(change) } : change)),
  );
}

describe('the checker finds', () => {
  test('nothing in a faithful history', () => {
    expect(codes(faithful())).toEqual([]);
  });

  test.each(['1', '2', '3', '4'])('lost change %s', (id) => {
    expect(codes(withChanges((changes) => changes.filter((change) => change.id !== id)))).toContain(
      'lost change',
    );
  });

  test('a lost change at the end also by replay', () => {
    expect(codes(withChanges((changes) => changes.slice(0, -1)))).toContain('replay differs');
  });

  test('a ghost change', () => {
    const ghost: TrailChange = {
      id: '9',
      revisionId: '4',
      entityType: 'item',
      entityId: '3',
      operation: 'create',
      brief: 'somebody',
      before: null,
      after: { id: 3, name: 'jug', price: '1' },
    };
    expect(codes(withChanges((changes) => [...changes, ghost]))).toEqual(['ghost change', 'replay differs']);
  });

  test('a change by somebody else than its revision', () => {
    expect(codes(editing('2', () => ({ brief: 'nobody' })))).toEqual(['wrong brief']);
  });

  test('a change under the wrong transaction', () => {
    expect(codes(editing('2', () => ({ revisionId: '4' })))).toEqual(
      expect.arrayContaining(['lost change', 'ghost change']),
    );
  });

  test.each(['1', '2', '3'])('doubled change %s', (id) => {
    const doubled = withChanges((changes) =>
      changes.flatMap((change) => (change.id === id ? [change, { ...change, id: `${id}0` }] : [change])),
    );
    expect(codes(doubled)).toContain('doubled change');
  });

  test('a wrong before', () => {
    const input = editing('2', ({ before }) => ({ before: { ...before, name: 'pot' } }));
    expect(codes(input)).toEqual(['wrong before', 'broken chain']);
  });

  test('a wrong after', () => {
    const input = editing('2', ({ after }) => ({ after: { ...after, price: '2.01' } }));
    expect(codes(input)).toEqual(['wrong after', 'broken chain']);
  });

  test('a wrong last state of a deleted row', () => {
    expect(codes(editing('3', ({ before }) => ({ before: { ...before, price: '3' } })))).toEqual([
      'wrong before',
      'broken chain',
    ]);
  });

  test('sides that must be empty, and sides that are', () => {
    expect(codes(editing('1', ({ after }) => ({ before: after })))).toContain('wrong before');
    expect(codes(editing('3', () => ({ before: null })))).toContain('wrong before');
  });

  test('a wrong operation', () => {
    expect(codes(editing('1', () => ({ operation: 'update' })))).toContain('wrong operation');
    expect(codes(editing('3', ({ before }) => ({ operation: 'update', before, after: before })))).toContain(
      'wrong operation',
    );
  });

  test('a lost and a ghost property', () => {
    expect(codes(editing('2', () => ({ before: { name: 'cup' } })))).toEqual(['lost property']);
    expect(
      codes(editing('1', () => ({ after: { id: 1, name: 'cup', tags: { $links: ['red'] } } }))),
    ).toContain('lost property');
    const ghost = editing('2', ({ before, after }) => ({
      before: { ...before, id: 1 },
      after: { ...after, id: 1 },
    }));
    expect(codes(ghost)).toEqual(['ghost property']);
  });

  test('an ignored and an unknown property', () => {
    expect(codes(editing('1', ({ after }) => ({ after: { ...after, note: 'x' } })))).toEqual([
      'ignored property',
    ]);
    expect(codes(editing('1', ({ after }) => ({ after: { ...after, color: 'x' } })))).toEqual([
      'unknown property',
    ]);
  });

  test('lost links', () => {
    const dropped = { name: 'mug', price: '2' };
    expect(codes(editing('2', () => ({ after: dropped })))).toEqual(['lost link', 'broken chain']);
    expect(
      codes(editing('3', ({ before }) => ({ before: { ...before, tags: { $links: ['red'] } } }))),
    ).toContain('lost link');
  });

  test('ghost links and doubled links', () => {
    const links = (ids: string[]) =>
      editing('2', ({ after }) => ({ after: { ...after, tags: { $links: ids } } }));
    expect(codes(links(['blue', 'green']))).toEqual(['ghost link', 'broken chain']);
    expect(codes(links(['blue', 'blue']))).toContain('ghost link');
    expect(codes(links(['blue', 'red']))).toEqual(['ghost link', 'broken chain']);
  });

  test('revisions that are doubled, empty or missing', () => {
    const input = faithful();
    const twice = { id: '9', transactionId: '702', actor: 'somebody', brief: 'somebody' };
    expect(codes({ ...input, revisions: [...input.revisions, twice] })).toEqual([
      'empty revision',
      'doubled revision',
    ]);
    expect(codes({ ...input, revisions: input.revisions.slice(1) })).toEqual(
      expect.arrayContaining(['orphan change', 'lost change']),
    );
  });

  test('unknown classes and unreadable keys', () => {
    expect(codes(editing('4', () => ({ entityType: 'thing' })))).toContain('unknown entity type');
    const composite = { ...itemModel, key: [itemModel.key[0], itemModel.key[0]] as const };
    expect(codes({ ...faithful(), entities: [composite] })).toContain('unreadable entity id');
  });

  test('changes of one entity in the wrong order', () => {
    const swapped = withChanges((changes) =>
      changes.map((change) => ({ ...change, id: { 1: '2', 2: '1' }[change.id] ?? change.id })),
    );
    expect(codes(swapped)).toContain('broken chain');
  });

  test('a table that something else has changed', () => {
    const input = faithful();
    const edited = { ...input, current: { ...input.current, item: [{ ...cup, id: 2, price: 9 }] } };
    expect(checkTrail(edited)).toEqual([
      {
        code: 'replay differs',
        where: 'item in item ["2"], price',
        detail: 'the table has "9", the trail "1.5"',
      },
    ]);
  });
});
