import type { Script } from './script.js';

/** Scripts that once failed because of values and keys, as they were after shrinking. Plain data, so that they outlive changes of the generator. */
export const rowRegressions: Readonly<Record<string, Script>> = {
  'what a merge claims is not loaded by the next load': [
    {
      do: 'change',
      by: 0,
      type: 'Truck',
      id: 2,
      set: { trailer: null },
      how: 'merge',
      claim: { trailer: 'y' },
    },
    { do: 'remove', by: 0, type: 'Skill', id: 1, how: 'load' },
  ],
  'what a merge claims of a referenced entity is not loaded with it': [
    { do: 'change', by: 1, type: 'Person', set: { badge: null }, how: 'merge', id: 2, claim: { badge: 1 } },
    { do: 'change', by: 1, type: 'Badge', set: {}, how: 'load', id: 1 },
  ],
  'what a merge claims of an entity that is loaded': [
    { do: 'move', by: 1, type: 'Badge', property: 'person', from: 1, to: 2, spare: null },
    { do: 'change', by: 1, type: 'Person', set: { badge: null }, how: 'merge', id: 1, claim: { badge: 2 } },
    { do: 'change', by: 0, type: 'Skill', set: {}, how: 'reference', id: 1 },
  ],
  'a key is changed of a partially loaded entity with a lock version': [
    { do: 'change', by: 0, type: 'Country', set: { code: 'cc' }, how: 'partial', id: 'aa' },
  ],
  'MikroORM forgets a new key when it updates several rows at once': [
    { do: 'change', by: 0, type: 'Country', set: { name: 'c1' }, how: 'reference', id: 'bb' },
    { do: 'change', by: 0, type: 'Country', set: { code: 'cc', name: 'c1' }, how: 'reference', id: 'aa' },
    { do: 'flush', by: 0 },
    { do: 'change', by: 0, type: 'Country', set: { name: 'c2' }, how: 'load', id: 'aa' },
  ],
  'two rows get one new key, which MikroORM writes to one of them': [
    { do: 'change', by: 0, type: 'Country', set: { code: 'cc', name: 'c1' }, how: 'reference', id: 'aa' },
    { do: 'change', by: 0, type: 'Country', set: { code: 'cc' }, how: 'load', id: 'bb' },
  ],
  'two entities stand for one row': [
    { do: 'change', by: 0, type: 'Person', set: { badge: 1 }, how: 'detached', id: 1, claim: {} },
  ],
  'two entities stand for one row, and MikroORM puts both into one statement': [
    { do: 'change', by: 0, type: 'Shelf', set: {}, how: 'reference', id: 1 },
    {
      do: 'block',
      by: 0,
      kind: 'nested',
      end: 'throw',
      steps: [
        {
          do: 'relate',
          by: 0,
          type: 'Shelf',
          id: 1,
          links: 'labels',
          action: 'set',
          members: [1],
          loaded: true,
        },
      ],
    },
    { do: 'remove', by: 0, type: 'Skill', how: 'reference', id: 1 },
  ],
  'an entity is removed after its key was changed': [
    { do: 'change', by: 0, type: 'Country', set: { code: 'cc' }, how: 'reference', id: 'bb' },
    { do: 'remove', by: 0, type: 'Country', how: 'reference', id: 'bb' },
  ],
  'an exact row is recreated and changed through the old entity': [
    { do: 'recreate', by: 0, type: 'Account', id: 1, set: { owner: 'o1' } },
    { do: 'change', by: 0, type: 'Account', set: { note: null }, how: 'merge', id: 1, claim: {} },
  ],
  'a row is recreated and removed again': [
    { do: 'recreate', by: 0, type: 'Person', id: 1, set: { name: 'a' } },
    { do: 'remove', by: 0, type: 'Person', how: 'load', id: 'new' },
  ],
  'a savepoint is rolled back, and its entity changed again': [
    { do: 'begin', by: 0 },
    { do: 'change', by: 0, type: 'Person', set: { name: 'c' }, how: 'load', id: 1 },
    {
      do: 'block',
      by: 0,
      kind: 'nested',
      end: 'throw',
      steps: [
        { do: 'change', by: 0, type: 'Person', set: { name: 'b' }, how: 'load', id: 1 },
        {
          do: 'relate',
          by: 0,
          type: 'Person',
          id: 1,
          links: 'skills',
          action: 'add',
          members: [3],
          loaded: true,
        },
        { do: 'flush', by: 0 },
      ],
    },
    { do: 'change', by: 0, type: 'Person', set: { name: 'c' }, how: 'load', id: 1 },
    {
      do: 'relate',
      by: 0,
      type: 'Person',
      id: 1,
      links: 'skills',
      action: 'remove',
      members: [3],
      loaded: true,
    },
    { do: 'commit', by: 0 },
  ],
  'a row is created in a transaction that is rolled back, and changed afterwards': [
    { do: 'begin', by: 0 },
    { do: 'create', by: 0, type: 'Song', set: { title: 't1' } },
    { do: 'flush', by: 0 },
    { do: 'rollback', by: 0 },
    { do: 'change', by: 0, type: 'Song', set: { title: 't2' }, how: 'load', id: 'new' },
  ],
  'a row that is not committed yet is changed in a transaction of its own': [
    { do: 'begin', by: 0 },
    { do: 'create', by: 0, type: 'Song', set: { title: 't1' } },
    { do: 'flush', by: 0 },
    {
      do: 'block',
      by: 0,
      kind: 'requires new',
      end: 'commit',
      steps: [{ do: 'change', by: 0, type: 'Song', set: { title: 't2' }, how: 'load', id: 'new' }],
    },
  ],
  'a row is recreated, merged and given another key': [
    { do: 'recreate', by: 1, type: 'Country', id: 'aa', set: { name: 'c1' } },
    { do: 'change', by: 1, type: 'Country', set: { code: 'cc' }, how: 'merge', id: 'aa', claim: {} },
  ],
  'a row is recreated, and a detached entity for it given another key': [
    { do: 'recreate', by: 0, type: 'Country', id: 'bb', set: { name: 'c1' } },
    { do: 'change', by: 0, type: 'Country', set: { code: 'cc' }, how: 'detached', id: 'bb', claim: {} },
  ],
  'a graph brings back what the EntityManager had let go of': [
    {
      do: 'relate',
      by: 1,
      type: 'Shelf',
      id: 2,
      links: 'labels',
      action: 'add',
      members: [1],
      loaded: false,
    },
    { do: 'create', by: 0, type: 'Shelf', set: { name: 's1' } },
    { do: 'change', by: 0, type: 'ShelfLabel', set: { shelf: 'new' }, how: 'load', id: 1 },
    { do: 'flush', by: 1 },
    { do: 'change', by: 0, type: 'Box', set: { shelf: 'new' }, how: 'load', id: 1 },
  ],
  'a flush is queued while another one creates a row that refers to itself': [
    { do: 'recreate', by: 0, type: 'Person', id: 3, set: { name: 'a' } },
    {
      do: 'block',
      by: 1,
      kind: 'nested',
      end: 'commit',
      steps: [{ do: 'change', by: 0, type: 'Person', set: { manager: 3 }, how: 'load', id: 3 }],
    },
    { do: 'flush twice', by: 0 },
    { do: 'together', by: [0, 1] },
  ],
};
