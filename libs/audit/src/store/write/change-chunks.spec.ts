import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ChangeRecord } from '../../model/change-record.js';
import type { TargetsOf } from '../../model/relation-target.js';
import { changeChunks } from './change-chunks.js';

const line = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', 'é', '{'), minLength: 1 });
const text = fc.string({ unit: fc.constantFrom('a', '\n', '"', '\\') });
// Keys without escapes: `JSON.parse` of V8 13.6 (Node 24) gives some of them another name.
const json = fc.option(fc.dictionary(fc.constantFrom('a', 'b', 'é'), text), { nil: null });
const change: fc.Arbitrary<ChangeRecord> = fc.record({
  entityType: line,
  entityId: line,
  partOfType: fc.option(line, { nil: null }),
  partOfId: fc.option(line, { nil: null }),
  operation: fc.constantFrom('create', 'update', 'delete'),
  before: json,
  after: json,
  labels: fc.constantFrom(null, { own: 'line\nbreak', targets: {} }),
  partOfIdBefore: fc.option(line, { nil: null }),
  renamedTo: fc.option(line, { nil: null }),
});

/** Stands for any function of a change that gives texts in one line. */
const targetsOf: TargetsOf = ({ entityId, after }) => (after ? [entityId] : null);

/** The result of PostgreSQL for a column: `unnest(string_to_array(column, E'\n', ''))`, filled up with nulls. */
function split(column: string, count: number): (string | null)[] {
  const lines = column === '' ? [] : column.split('\n').map((line) => (line === '' ? null : line));
  return Array.from({ length: count }, (_, index) => lines[index] ?? null);
}

/** Of changes that are not too many for one chunk. */
function columnsOf(changes: readonly ChangeRecord[]): readonly string[] | null | undefined {
  const [chunk, ...others] = changeChunks(changes, targetsOf, Number.POSITIVE_INFINITY);
  expect(others).toEqual([]);
  return chunk?.columns();
}

describe('changeChunks', () => {
  it('has a line for each change, from which the change can be restored', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1 }), (changes) => {
        const columns = columnsOf(changes)?.map((column) => split(column, changes.length));
        const restored = changes.map((_, index) => {
          const [entityType, entityId, partOfType, partOfId, operation, ...others] =
            columns?.map((column) => column[index]) ?? [];
          const documents = others.splice(0, 3);
          const [before, after, labels] = documents.map((document) => document && JSON.parse(document));
          const [partOfIdBefore, renamedTo, targets] = others;
          return {
            ...{ entityType, entityId, partOfType, partOfId, operation, before, after, labels },
            ...{ partOfIdBefore, renamedTo },
            // For these texts quoting is that of JSON.
            targets: targets && JSON.parse(targets.replace(/^\{(.*)\}$/, '[$1]')),
          };
        });
        expect(restored).toEqual(changes.map((one) => ({ ...one, targets: targetsOf(one) })));
      }),
    );
  });

  it.each(['', 'a\nb', '\n'])('does not take the id %j', (entityId) => {
    const plain = { entityType: 'order', operation: 'create', before: null, after: {} } as const;
    const with_ = (ids: object) =>
      columnsOf([{ ...plain, entityId: '1', partOfType: null, partOfId: null, ...ids }]);
    expect(with_({ entityId })).toBeNull();
    expect(with_({ partOfType: 'order', partOfId: entityId })).toBeNull();
    expect(with_({})).toEqual(['order', '1', '', '', 'create', '', '{}', '', '', '', '{"1"}']);
  });

  it('divides the changes where their texts have got long enough, and nowhere else', () => {
    fc.assert(
      fc.property(fc.array(change), fc.integer({ min: 1, max: 200 }), (changes, maxCharacters) => {
        const chunks = [...changeChunks(changes, targetsOf, maxCharacters)];
        expect(chunks.flatMap((chunk) => chunk.changes)).toEqual(changes);
        for (const [index, { changes: own }] of chunks.entries()) {
          const lengthOf = (some: readonly ChangeRecord[]) =>
            columnsOf(some)?.join('').replaceAll('\n', '').length ?? 0;
          expect(own.length === 1 || lengthOf(own.slice(0, -1)) < maxCharacters).toBe(true);
          expect(index === chunks.length - 1 || lengthOf(own) >= maxCharacters).toBe(true);
        }
      }),
    );
  });
});
