import { describe, expect, it } from '@jest/globals';
import { conditionText, filterChips, splitCondition, writeCondition } from './filter-chips.js';
import { NO_FILTERS } from './filters.js';

describe('chips', () => {
  it('stand for one thing each, and know the filters without it', () => {
    const filters = {
      ...NO_FILTERS,
      entity: ['order', 'item'],
      actor: 'user:7',
      operation: ['delete'] as const,
    };
    expect(filterChips(filters)).toEqual([
      { name: 'Entity', text: 'order', without: { ...filters, entity: ['item'] } },
      { name: 'Entity', text: 'item', without: { ...filters, entity: ['order'] } },
      { name: 'Actor', text: 'user 7', without: { ...filters, actor: null } },
      { name: 'Operation', text: 'delete', without: { ...filters, operation: [] } },
    ]);
    expect(filterChips(NO_FILTERS)).toEqual([]);
  });

  it('take with them what needs the entity', () => {
    const filters = { ...NO_FILTERS, entity: ['order'], id: ['1'] };
    expect(filterChips(filters)[0]?.without).toEqual(NO_FILTERS);
  });
});

describe('conditions on values', () => {
  it.each([
    ['price', 'to', 'gt', '100', 'number', 'price:to:gt:100', 'price becomes > 100'],
    ['price', 'to', 'gt', '100', 'string', 'price:to:gt:"100"', 'price becomes > 100'],
    ['done', 'from', 'eq', 'true', 'boolean', 'done:from:eq:true', 'done was = true'],
    ['note', 'from', 'empty', '', 'string', 'note:from:isNull:true', 'note was empty'],
    ['note', 'to', 'filled', '', 'string', 'note:to:isNull:false', 'note becomes not empty'],
    ['at', 'to', 'gte', 'a:to:b', 'string', 'at:to:gte:"a:to:b"', 'at becomes ≥ a:to:b'],
  ])('%s %s %s %s (%s) is %s', (path, side, operator, text, type, written, read) => {
    expect(writeCondition(path, side, operator, text, type)).toBe(written);
    expect(conditionText(written)).toBe(read);
  });

  it('that are malformed are shown as they are', () => {
    expect(splitCondition('price')).toEqual(['price', 'to', 'eq', '']);
  });
});
