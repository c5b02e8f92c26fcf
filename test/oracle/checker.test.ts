import { describe, expect, test } from '@jest/globals';
import { HistoryScript } from '../support/fixtures/history-script.js';
import { itemModel, shipModel, vehicleModel } from '../support/fixtures/item-model.js';
import { checkTrail } from './checker.js';
import type { CheckOptions, OracleInput } from './input.js';

const cup = { id: 1, item_name: 'cup', price: 1.5, note: null };
const mug = { id: 1, item_name: 'mug', price: 2, note: null };
const cupTag = { item_id: 1, tag_id: 'red' };

function script(): HistoryScript {
  return new HistoryScript([itemModel, vehicleModel, shipModel]);
}

function codes(input: OracleInput, options?: CheckOptions): string[] {
  return checkTrail(input, options).map(({ code }) => code);
}

describe('a faithful trail passes', () => {
  test('create, update, delete in three transactions', () => {
    const history = script()
      .begin()
      .insert('item', cup)
      .change('item', '1', 'create', null, { id: 1, name: 'cup', price: '1.50' })
      .begin()
      .update('item', cup, mug)
      .change('item', '1', 'update', { name: 'cup', price: '1.50' }, { name: 'mug', price: '2.00' })
      .begin()
      .delete('item', mug)
      .change('item', '1', 'delete', { id: '1', name: 'mug', price: '2' }, null);
    expect(codes(history.input())).toEqual([]);
  });

  test('steps of one transaction merge: insert + update, update + delete, insert + delete, there and back', () => {
    const history = script()
      .begin()
      .insert('item', cup)
      .update('item', cup, mug)
      .change('item', '1', 'create', null, { id: 1, name: 'mug', price: '2' })
      .begin()
      .update('item', mug, cup)
      .delete('item', cup)
      .change('item', '1', 'delete', { id: 1, name: 'mug', price: '2' }, null)
      .begin({ revised: false })
      .insert('item', cup)
      .delete('item', cup)
      .begin()
      .insert('item', mug)
      .change('item', '1', 'create', null, { id: 1, name: 'mug', price: '2' })
      .begin({ revised: false })
      .update('item', mug, cup)
      .update('item', cup, mug);
    expect(codes(history.input())).toEqual([]);
  });

  test('a key that is deleted and inserted again has two changes', () => {
    const history = script()
      .begin()
      .insert('item', cup)
      .change('item', '1', 'create', null, { id: 1, name: 'cup', price: '1.5' })
      .begin()
      .delete('item', cup)
      .insert('item', cup)
      .change('item', '1', 'delete', { id: 1, name: 'cup', price: '1.5' }, null)
      .change('item', '1', 'create', null, { id: 1, name: 'cup', price: '1.5' });
    expect(codes(history.input())).toEqual([]);
  });

  test('links of an owner that is deleted and inserted again stand in both changes', () => {
    const created = { id: 1, name: 'cup', price: '1.5', tags: { $links: ['red'] } };
    const history = script()
      .begin()
      .insert('item', cup)
      .insert('item_tag', cupTag)
      .change('item', '1', 'create', null, created)
      .begin()
      .delete('item', cup)
      .delete('item_tag', cupTag)
      .insert('item', cup)
      .insert('item_tag', cupTag)
      .insert('item_tag', { item_id: 1, tag_id: 'blue' })
      .change('item', '1', 'delete', created, null)
      .change('item', '1', 'create', null, { ...created, tags: { $links: ['red', 'blue'] } });
    expect(codes(history.input())).toEqual([]);
  });

  test('updates of ignored columns leave no trace', () => {
    const noted = { ...cup, note: 'dented' };
    const history = script()
      .begin()
      .insert('item', cup)
      .change('item', '1', 'create', null, { id: 1, name: 'cup', price: '1.5' })
      .begin({ revised: false })
      .update('item', cup, noted);
    expect(codes(history.input())).toEqual([]);
  });

  test('links are recorded on their owner', () => {
    const blue = { item_id: 1, tag_id: 'blue' };
    const history = script()
      .begin()
      .insert('item', cup)
      .insert('item_tag', cupTag)
      .change('item', '1', 'create', null, { id: 1, name: 'cup', price: '1.5', tags: { $links: ['red'] } })
      .begin()
      .delete('item_tag', cupTag)
      .insert('item_tag', blue)
      .change('item', '1', 'update', { tags: { $links: ['red'] } }, { tags: { $links: ['blue'] } })
      .begin({ revised: false })
      .delete('item_tag', blue)
      .insert('item_tag', blue)
      .begin()
      .delete('item', cup)
      .delete('item_tag', blue)
      .change('item', '1', 'delete', { id: 1, name: 'cup', price: '1.5', tags: { $links: ['blue'] } }, null);
    expect(codes(history.input())).toEqual([]);
  });

  test('hidden and cut values may be anything', () => {
    const hidden = { $mask: { kind: 'redact' } };
    const history = script()
      .begin()
      .insert('item', cup)
      .change('item', '1', 'create', null, { id: 1, name: hidden, price: '1.5' })
      .begin()
      .update('item', cup, mug)
      .change(
        'item',
        '1',
        'update',
        { name: hidden, price: '1.5' },
        { name: { $cut: { bytes: 9 } }, price: '2' },
      );
    expect(codes(history.input())).toEqual([]);
  });

  test('a changed key is an update with both keys', () => {
    const moved = { ...cup, id: 2 };
    const history = script()
      .begin()
      .insert('item', cup)
      .change('item', '1', 'create', null, { id: 1, name: 'cup', price: '1.5' })
      .begin()
      .update('item', cup, moved)
      .change('item', '1', 'update', { id: 1 }, { id: 2 })
      .begin()
      .delete('item', moved)
      .change('item', '2', 'delete', { id: 2, name: 'cup', price: '1.5' }, null);
    expect(codes(history.input())).toEqual([]);
  });

  test('the rows of a class with two tables are one entity', () => {
    const [ship, draft] = [
      { id: 5, name: 'Vega' },
      { id: 5, draft: 3 },
    ];
    const history = script()
      .begin()
      .insert('vehicle', ship)
      .insert('ship', draft)
      .change('ship', '5', 'create', null, { id: 5, name: 'Vega', draft: 3 })
      .begin()
      .update('vehicle', ship, { ...ship, name: 'Lyra' })
      .change('ship', '5', 'update', { name: 'Vega' }, { name: 'Lyra' })
      .begin()
      .delete('vehicle', { ...ship, name: 'Lyra' })
      .delete('ship', draft)
      .change('ship', '5', 'delete', { id: 5, name: 'Lyra', draft: 3 }, null);
    expect(codes(history.input())).toEqual([]);
  });

  test('several changes of one transaction count together when asked for', () => {
    const history = script()
      .begin()
      .insert('item', cup)
      .change('item', '1', 'create', null, { id: 1, name: 'cup', price: '1.5' })
      .update('item', cup, mug)
      .insert('item_tag', cupTag)
      .revision()
      .change(
        'item',
        '1',
        'update',
        { name: 'cup', price: '1.5' },
        { name: 'mug', price: '2', tags: { $links: ['red'] } },
      );
    expect(codes(history.input(), { merged: false })).toEqual([]);
    expect(codes(history.input())).toEqual([
      'doubled revision',
      'wrong after',
      'wrong after',
      'lost link',
      'doubled change',
    ]);
  });
});
