import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  countFilters,
  type Filters,
  isTextSearchBounded,
  NO_FILTERS,
  readFilters,
  splitPair,
  tidyFilters,
  writeFilters,
} from './filters.js';

const text = fc.string({ minLength: 1, unit: 'grapheme' });
const someText = fc.option(text);
const texts = fc.uniqueArray(text, { maxLength: 3 });
const filters: fc.Arbitrary<Filters> = fc.record({
  entity: texts,
  id: texts,
  schema: someText,
  partOf: someText,
  actor: someText,
  onBehalfOf: someText,
  action: someText,
  outcome: fc.constantFrom('success', 'failure', 'denied', null),
  operation: fc.uniqueArray(fc.constantFrom('create', 'update', 'delete')),
  property: texts,
  value: texts,
  correlationId: someText,
  from: someText,
  until: someText,
  text: someText,
  order: fc.constantFrom('newest', 'oldest'),
});

describe('filters in the URL', () => {
  it('come back as they were, whatever they hold', () => {
    fc.assert(
      fc.property(filters, (wanted) => {
        expect(readFilters(new URLSearchParams(writeFilters(wanted).toString()))).toEqual(wanted);
      }),
    );
  });

  it('ask for nothing when the URL is empty, has empty values or words of somebody else', () => {
    expect(readFilters(new URLSearchParams(''))).toEqual(NO_FILTERS);
    expect(
      readFilters(new URLSearchParams('entity=&actor=&operation=explode&outcome=odd&order=up&utm_source=x')),
    ).toEqual(NO_FILTERS);
  });

  it('drop what belongs to one entity type when there is not one', () => {
    const wanted = { ...NO_FILTERS, id: ['1'], property: ['price'], value: ['price:to:gt:1'], action: 'a' };
    expect(tidyFilters({ ...wanted, entity: ['order'] })).toEqual({ ...wanted, entity: ['order'] });
    expect(tidyFilters({ ...wanted, entity: ['order', 'item'] })).toEqual({
      ...NO_FILTERS,
      entity: ['order', 'item'],
      action: 'a',
    });
  });

  it('are counted without the order', () => {
    expect(countFilters({ ...NO_FILTERS, order: 'oldest' })).toBe(0);
    expect(countFilters({ ...NO_FILTERS, entity: ['a', 'b'], text: 'x' })).toBe(3);
  });
});

describe('a search for text', () => {
  it.each([
    [{ text: 'x' }, false],
    [{ text: 'x', from: '2026-01-01T00:00:00Z' }, false],
    [{ text: 'x', actor: 'user:' }, false],
    [{ text: 'x', from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' }, true],
    [{ text: 'x', actor: 'user:7' }, true],
    [{ text: 'x', entity: ['order'] }, true],
    [{ text: 'x', partOf: 'order:1' }, true],
  ])('%j is bounded: %p', (some, bounded) => {
    expect(isTextSearchBounded({ ...NO_FILTERS, ...some })).toBe(bounded);
  });
});

it('splits a pair at its first colon', () => {
  expect(splitPair('user:a:b')).toEqual(['user', 'a:b']);
  expect(splitPair(':7')).toEqual(['', '7']);
  expect(splitPair('user')).toEqual(['user', '']);
});
