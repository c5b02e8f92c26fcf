import { describe, expect, it } from '@jest/globals';
import type { EntityMetadata } from '@mikro-orm/core';
import fc from 'fast-check';
import { RowMap } from '../../model/row-map.js';
import { placeIn } from '../../policy/row-schema.js';
import type { EntityValues } from './entity-facts.js';
import { conditionValue, RowKey, referenceColumns } from './row-key.js';

/** Texts that run together with others when they are put side by side. */
const text = fc.oneof(
  fc
    .array(
      fc.constantFrom('a', '1', ' ', '"', "'", '[', ']', '/', '\\', '\n', ',', ':', '{', '}', '\u{1F600}'),
      {
        maxLength: 5,
      },
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('["a","b"]', '"a"', 'null', 'a","b', ' a', 'a '),
);

const TABLES = [class Work {}, class WorkOrder {}];

/** As much of the metadata of a class as naming its rows takes. */
function metaOf(table: object, primaryKeys: readonly string[]): EntityMetadata {
  return { primaryKeys, root: { class: table } } as object as EntityMetadata;
}

function rowKey(meta: EntityMetadata, values: EntityValues): RowKey {
  return RowKey.ofValues(meta, values, placeIn(meta, 'public', 'public'));
}

function keyOf(table: object, texts: readonly string[]): RowKey {
  const names = texts.map((_, i) => `part${i}`);
  return rowKey(metaOf(table, names), Object.fromEntries(names.map((name, i) => [name, texts[i]])));
}

const row = fc.record({
  table: fc.constantFrom(...TABLES),
  texts: fc.array(text, { minLength: 2, maxLength: 2 }),
});

describe('RowKey', () => {
  it('two rows are equal when their tables and all their columns are', () => {
    fc.assert(
      fc.property(row, row, (one, other) => {
        const isSame = one.table === other.table && one.texts.every((part, i) => part === other.texts[i]);
        expect(keyOf(one.table, one.texts).equals(keyOf(other.table, other.texts))).toBe(isSame);
      }),
    );
  });

  it('a key of one column is its own text', () => {
    fc.assert(
      fc.property(text, (only) => {
        const key = keyOf(TABLES[0] as object, [only]);
        expect([key.text, conditionValue(key.columns)]).toEqual([only, only]);
      }),
    );
  });

  it('columns and conditions are those that were given, with composite parts flat and nested', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        const key = rowKey(metaOf(TABLES[0] as object, ['city', 'name']), { city: [a, b], name: c });
        expect(key.columns).toEqual([a, b, c]);
        expect(key.where).toEqual({ city: [a, b], name: c });
        expect(referenceColumns([[a, b], c])).toEqual([a, b, c]);
        expect(key.text).toBe(JSON.stringify([a, b, c]));
      }),
    );
  });

  it('texts and numbers name the same row, because drivers give either', () => {
    const [table = Object] = TABLES;
    const meta = metaOf(table, ['id']);
    expect(rowKey(meta, { id: 7 }).equals(rowKey(meta, { id: '7' }))).toBe(true);
    expect(rowKey(meta, { id: 7n }).equals({ table, text: '7' })).toBe(true);
  });

  it('a key in two schemas names two rows, and one where the class has a schema of its own', () => {
    const keys = (schema: string | undefined) =>
      ['public', 'acme', 'zeta'].map((around) => {
        const root = { class: TABLES[0], tableName: 'work', schema };
        const meta = { primaryKeys: ['id'], root } as object as EntityMetadata;
        return RowKey.ofValues(meta, { id: 7 }, placeIn(meta, around, 'public'));
      });
    for (const [schema, tables] of [
      ['*', 3],
      [undefined, 3],
      ['fixed', 1],
    ] as const) {
      expect(new Set(keys(schema).map(({ table }) => table)).size).toBe(tables);
    }
    expect(keys('*').map((key) => key.schema)).toEqual(['public', 'acme', 'zeta']);
    expect(keys('fixed').map((key) => key.schema)).toEqual([undefined, undefined, undefined]);
  });
});

describe('RowMap', () => {
  it('holds a value for each row, and no row for another', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const expected = new Map<object, Map<string, number>>();
        const map = new RowMap<number>();
        for (const [i, { table, texts }] of rows.entries()) {
          map.set(keyOf(table, texts), i);
          const known = expected.get(table) ?? new Map<string, number>();
          expected.set(table, known.set(JSON.stringify(texts), i));
        }
        const values = [...expected.values()].flatMap((ofTable) => [...ofTable.values()]);
        expect(map.size).toBe(values.length);
        expect(new Set(map.values())).toEqual(new Set(values));
        for (const { table, texts } of rows) {
          expect(map.get(keyOf(table, texts))).toBe(expected.get(table)?.get(JSON.stringify(texts)));
        }
      }),
    );
  });

  it('forgets a row and no other', () => {
    fc.assert(
      fc.property(row, row, (one, other) => {
        const [key, otherKey] = [keyOf(one.table, one.texts), keyOf(other.table, other.texts)];
        const map = new RowMap([
          [key, 1],
          [otherKey, 2],
        ]);
        expect(map.delete(key)).toBe(true);
        expect(map.delete(key)).toBe(false);
        expect(map.has(otherKey)).toBe(!key.equals(otherKey));
      }),
    );
  });
});
