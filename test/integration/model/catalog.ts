import type { EntityClass } from '@mikro-orm/core';
import {
  Account,
  Badge,
  Box,
  Car,
  Country,
  Desk,
  Hook,
  Item,
  Laptop,
  Membership,
  MembershipNote,
  Person,
  Playlist,
  Shelf,
  ShelfLabel,
  Skill,
  Song,
  Team,
  Truck,
} from '../../support/fixtures/company.js';
import type { Id, TypeName } from './script.js';

/** Operations that scripts may try on a class. */
export interface TypeModel {
  readonly entity: EntityClass<object>;
  /** Keys of rows that exist from the start. */
  readonly ids: readonly Id[];
  /** Keys that rows get later, or never. */
  readonly laterIds: readonly Id[];
  /** Values by property; the first one is taken where a create needs one. */
  readonly values: Readonly<Record<string, readonly (Id | null)[]>>;
  /** Classes of to-one relations. */
  readonly references?: Readonly<Record<string, TypeName>>;
  /** Properties that a create may leave out. */
  readonly optional?: readonly string[];
  /** Classes of collections. */
  readonly collections?: Readonly<Record<string, TypeName>>;
  /** Values that identify the class. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** Properties that are part of the key and are set only on creation. */
  readonly keyProperties?: readonly string[];
  /** Why several workers may edit it at once: policy `exact`, or a lock version. */
  readonly shared?: 'exact' | 'versioned';
}

const persons: readonly Id[] = [1, 2, 3, 'new'];

export const catalog: Readonly<Record<TypeName, TypeModel>> = {
  Skill: {
    entity: Skill,
    ids: [1, 2, 3],
    laterIds: [4],
    values: { name: ['k4', 'k1', 'k2', 'k5'] },
    collections: { people: 'Person' },
  },
  Person: {
    entity: Person,
    ids: [1, 2, 3],
    laterIds: [4],
    values: {
      name: ['a', 'b', 'c'],
      email: [null, 'e1', 'e2', 'e3'],
      biography: [null, 'b1', 'b2'],
      manager: [null, ...persons],
      badge: [null, 1, 2, 'new'],
    },
    optional: ['email', 'biography', 'manager', 'badge'],
    references: { manager: 'Person', badge: 'Badge' },
    collections: { skills: 'Skill', friends: 'Person' },
  },
  Badge: {
    entity: Badge,
    ids: [1, 2],
    laterIds: [3],
    values: { number: ['n1', 'n2'], person: [null, ...persons] },
    optional: ['person'],
    references: { person: 'Person' },
  },
  Song: { entity: Song, ids: [1, 2, 3], laterIds: [4], values: { title: ['t1', 't2'] } },
  Playlist: { entity: Playlist, ids: [1, 2], laterIds: [3], values: {}, collections: { songs: 'Song' } },
  Car: { entity: Car, ids: [1], laterIds: [3], values: { plate: ['p1', 'p2'], seats: [4, 5] } },
  Truck: {
    entity: Truck,
    ids: [2],
    laterIds: [3],
    values: { plate: ['p1', 'p2'], load: [7, 8], trailer: [null, 'x', 'y'] },
    optional: ['trailer'],
  },
  Laptop: {
    entity: Laptop,
    ids: [1],
    laterIds: [3],
    values: { label: ['l1', 'l2'], serial: ['s1', 's2'] },
    fixed: { kind: 'laptop' },
  },
  Desk: {
    entity: Desk,
    ids: [2],
    laterIds: [3],
    values: { label: ['l1', 'l2'], height: [70, 80] },
    fixed: { kind: 'desk' },
  },
  Team: { entity: Team, ids: [1, 2], laterIds: [3], values: { name: ['t1', 't2'] } },
  Membership: {
    entity: Membership,
    ids: [
      [1, 1],
      [2, 1],
    ],
    laterIds: [[1, 2]],
    values: { person: persons, team: [2, 1, 'new'], role: ['r1', 'r2'] },
    references: { person: 'Person', team: 'Team' },
    keyProperties: ['person', 'team'],
  },
  MembershipNote: {
    entity: MembershipNote,
    ids: [1],
    laterIds: [2, 3],
    values: { text: ['x1', 'x2'], membership: [[1, 1], [2, 1], 'new'] },
    references: { membership: 'Membership' },
  },
  Country: {
    entity: Country,
    ids: ['aa', 'bb'],
    laterIds: ['cc', 'dd'],
    values: { code: ['cc', 'dd', 'aa'], name: ['c1', 'c2'] },
    shared: 'versioned',
  },
  Shelf: {
    entity: Shelf,
    ids: [1, 2],
    laterIds: [3],
    values: { name: ['s1', 's2'] },
    collections: { boxes: 'Box', labels: 'ShelfLabel', hooks: 'Hook' },
  },
  Box: {
    entity: Box,
    ids: [1, 2],
    laterIds: [3],
    values: { shelf: [1, 2, 'new'] },
    references: { shelf: 'Shelf' },
    collections: { needs: 'Skill' },
  },
  Item: {
    entity: Item,
    ids: [1],
    laterIds: [2, 3],
    values: { name: ['i1', 'i2'], box: [1, 2, 'new'] },
    references: { box: 'Box' },
  },
  ShelfLabel: {
    entity: ShelfLabel,
    ids: [1, 2],
    laterIds: [3],
    values: { text: ['x1', 'x2'], shelf: [null, 1, 2, 'new'] },
    optional: ['shelf'],
    references: { shelf: 'Shelf' },
  },
  Hook: {
    entity: Hook,
    ids: [1, 2],
    laterIds: [3],
    values: { strength: [1, 2, 3], shelf: [1, 2, 'new'] },
    references: { shelf: 'Shelf' },
  },
  Account: {
    entity: Account,
    ids: [1, 2],
    laterIds: [3],
    values: { owner: ['o1', 'o2'], balance: [1, 2], note: [null, 'n1', 'n2'] },
    optional: ['balance', 'note'],
    collections: { skills: 'Skill' },
    shared: 'exact',
  },
};

export const typeNames = Object.keys(catalog) as readonly TypeName[];
