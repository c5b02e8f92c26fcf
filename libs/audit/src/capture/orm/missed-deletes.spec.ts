import { describe, expect, it } from '@jest/globals';
import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import type { AnyChangeSet } from './change-set-facts.js';
import type { Link } from './link-table.js';
import { MissedDeletes } from './missed-deletes.js';

class Labelings {}

const table = { class: Labelings } as unknown as EntityMetadata;
const link = (ownerId: string, targetId: string): Link => ({ ownerId, targetId });

/** The labels of pages or films, which share a link table. */
function labelsOf(owner: string): EntityProperty {
  return {
    pivotEntity: Labelings,
    polymorphic: true,
    joinColumns: ['owner_id'],
    inverseJoinColumns: ['label_id'],
    discriminatorColumn: 'owner',
    discriminatorValue: owner,
  } as unknown as EntityProperty;
}

describe('links that were named by deletes', () => {
  const links = [link('1', 'a'), link('1', 'b'), link('2', 'a')];

  it('are all there where nothing was deleted', () => {
    expect(new MissedDeletes().withoutMissed(labelsOf('page'), links)).toEqual(links);
  });

  it('are left out where they were not found', () => {
    const missed = new MissedDeletes();
    missed.noteLinks(
      table,
      [
        { owner: 'page', owner_id: 1, label_id: 'a' },
        { owner: 'page', owner_id: 1, label_id: 'b' },
      ],
      [{ owner: 'page', owner_id: 1, label_id: 'b' }],
    );
    expect(missed.withoutMissed(labelsOf('page'), links)).toEqual([link('1', 'b'), link('2', 'a')]);
  });

  it('are left out where all of one end were to be deleted', () => {
    const byOwner = new MissedDeletes();
    byOwner.noteLinks(
      table,
      [{ owner: 'page', owner_id: 1 }],
      [{ owner: 'page', owner_id: 1, label_id: 'a' }],
    );
    expect(byOwner.withoutMissed(labelsOf('page'), links)).toEqual([link('1', 'a'), link('2', 'a')]);
    const byTarget = new MissedDeletes();
    byTarget.noteLinks(table, [{ label_id: 'a' }], []);
    expect(byTarget.withoutMissed(labelsOf('page'), links)).toEqual([link('1', 'b')]);
  });

  it('stay where another statement of the flush found them', () => {
    const missed = new MissedDeletes();
    const row = { owner: 'page', owner_id: 1, label_id: 'a' };
    missed.noteLinks(table, [row], [row]);
    missed.noteLinks(table, [{ owner: 'page', owner_id: 1 }], []);
    expect(missed.withoutMissed(labelsOf('page'), links)).toEqual([link('1', 'a'), link('2', 'a')]);
  });

  it('are those of one class of owners', () => {
    const missed = new MissedDeletes();
    missed.noteLinks(table, [{ owner: 'film', owner_id: 1, label_id: 'a' }], []);
    expect(missed.withoutMissed(labelsOf('page'), links)).toEqual(links);
  });
});

describe('rows that were named by deletes', () => {
  class Boat {}
  const properties = {
    country: { kind: ReferenceKind.SCALAR, fieldNames: ['country'] },
    number: { kind: ReferenceKind.SCALAR, fieldNames: ['number'] },
  };
  const meta = {
    class: Boat,
    primaryKeys: ['country', 'number'],
    properties,
    getPrimaryProps: () => Object.values(properties),
  } as unknown as EntityMetadata;
  const deleteOf = (number: number, schema?: string): AnyChangeSet =>
    ({ meta: { root: meta }, schema, getPrimaryKey: () => ({ country: 'de', number }) }) as never;

  it('are missed once for each delete that has not found them', () => {
    const missed = new MissedDeletes();
    const keys = [1, 2].map((number) => ({ country: 'de', number }));
    missed.noteRows(meta, undefined, keys, [{ country: 'de', number: '2' }]);
    expect([1, 1, 2].map((number) => missed.take(deleteOf(number)))).toEqual([true, false, false]);
  });

  it('are told from those of another schema', () => {
    const missed = new MissedDeletes();
    missed.noteRows(meta, 'north', [['de', 1]], []);
    expect(missed.take(deleteOf(1, 'south'))).toBe(false);
    expect(missed.take(deleteOf(1, 'north'))).toBe(true);
  });
});
