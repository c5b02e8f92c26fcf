import type { Script } from './script.js';

/** Scripts that once failed because of foreign key rules, as they were after shrinking. Plain data, so that they outlive changes of the generator. */
export const cascadeRegressions: Readonly<Record<string, Script>> = {
  'a child is created under a parent that the flush deletes': [
    { do: 'create', by: 0, type: 'Box', set: { shelf: 2 } },
    { do: 'remove', by: 0, type: 'Shelf', how: 'load', id: 2 },
  ],
  'a child is created under a parent that is deleted by reference, two levels deep': [
    { do: 'create', by: 0, type: 'Item', set: { name: 'i2', box: 1 } },
    { do: 'create', by: 0, type: 'ShelfLabel', set: { text: 'x1', shelf: 1 } },
    { do: 'remove', by: 0, type: 'Shelf', how: 'reference', id: 1 },
  ],
  'a child is moved under a parent that the flush deletes': [
    { do: 'create', by: 0, type: 'Box', set: { shelf: 2 } },
    { do: 'flush', by: 0 },
    { do: 'change', by: 0, type: 'Item', set: { box: 'new' }, how: 'load', id: 1 },
    { do: 'remove', by: 0, type: 'Box', how: 'load', id: 'new' },
  ],
  'a child is written with the parent that it has, which the flush deletes': [
    { do: 'change', by: 1, type: 'MembershipNote', set: { membership: [1, 1] }, how: 'partial', id: 1 },
    { do: 'remove', by: 1, type: 'Membership', how: 'reference', id: [1, 1] },
  ],
  'a foreign key that the database has set to null is changed afterwards': [
    { do: 'change', by: 0, type: 'ShelfLabel', set: {}, how: 'load', id: 1 },
    { do: 'remove', by: 0, type: 'Shelf', how: 'reference', id: 1 },
    { do: 'flush', by: 0 },
    { do: 'flush', by: 0 },
  ],
  'a self reference that the database has set to null is written afterwards': [
    { do: 'create', by: 0, type: 'Person', set: { name: 'a', manager: 3 } },
    { do: 'flush', by: 0 },
    { do: 'remove', by: 0, type: 'Person', how: 'reference', id: 3 },
    { do: 'flush', by: 0 },
    { do: 'flush', by: 0 },
  ],
  'MikroORM attaches children that are not loaded with a statement of its own': [
    {
      do: 'relate',
      by: 1,
      type: 'Shelf',
      id: 1,
      links: 'labels',
      action: 'add',
      members: [1],
      loaded: false,
    },
    { do: 'change', by: 1, type: 'ShelfLabel', set: { shelf: null }, how: 'detached', id: 1, claim: {} },
  ],
  'a child is created outside the collection that is emptied without loading': [
    {
      do: 'block',
      by: 0,
      kind: 'nested',
      end: 'commit',
      steps: [
        { do: 'create', by: 0, type: 'Hook', set: { strength: 1, shelf: 1 } },
        { do: 'create', by: 0, type: 'ShelfLabel', set: { text: 'x1', shelf: 1 } },
        {
          do: 'relate',
          by: 0,
          type: 'Shelf',
          id: 1,
          links: 'hooks',
          action: 'removeAll',
          members: [1],
          loaded: false,
        },
        {
          do: 'relate',
          by: 0,
          type: 'Shelf',
          id: 1,
          links: 'labels',
          action: 'removeAll',
          members: [1],
          loaded: false,
        },
        { do: 'change', by: 0, type: 'Skill', set: {}, how: 'load', id: 1 },
      ],
    },
    { do: 'flush', by: 0 },
  ],
  'a row is deleted with a recreated parent, and created again': [
    { do: 'recreate', by: 0, type: 'Person', id: 1, set: { name: 'a' } },
    { do: 'create', by: 0, type: 'Membership', set: { person: 1, team: 1, role: 'r1' } },
    { do: 'change', by: 0, type: 'Skill', set: {}, how: 'load', id: 1 },
  ],
  'a merge replaces the entity of a row whose foreign key the database sets to null': [
    {
      do: 'relate',
      by: 0,
      type: 'Person',
      id: 2,
      links: 'friends',
      action: 'add',
      members: [1],
      loaded: false,
    },
    {
      do: 'block',
      by: 0,
      kind: 'nested',
      end: 'commit',
      steps: [
        { do: 'change', by: 0, type: 'Membership', set: {}, how: 'detached', id: [2, 1], claim: {} },
        { do: 'recreate', by: 0, type: 'Person', id: 1, set: { name: 'a' } },
        { do: 'begin', by: 0 },
      ],
    },
    { do: 'recreate', by: 0, type: 'Skill', id: 1, set: { name: 'k4' } },
  ],
};
