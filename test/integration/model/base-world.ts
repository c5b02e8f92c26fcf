import type { EntityManager } from '@mikro-orm/core';
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

/** The tables that tenants have in common. */
export async function createSkills(em: EntityManager): Promise<void> {
  for (const name of ['k1', 'k2', 'k3']) {
    em.create(Skill, { name });
  }
  await em.flush();
}

/** The rows that every script starts with, numbered in this order; see the ids of the catalog. */
export async function createBaseWorld(em: EntityManager): Promise<void> {
  const [skill1, skill2] = [em.getReference(Skill, 1), em.getReference(Skill, 2)];
  const first = em.create(Person, { name: 'a', email: 'e1', biography: 'b1' });
  await em.flush();
  const second = em.create(Person, { name: 'b', email: 'e2', manager: first });
  await em.flush();
  em.create(Person, { name: 'c' });
  await em.flush();
  first.skills.add(skill1, skill2);
  second.skills.add(skill1);
  first.friends.add(second);
  em.create(Badge, { number: 'n1', person: first });
  em.create(Badge, { number: 'n2' });
  const songs = ['t1', 't2', 't3'].map((title) => em.create(Song, { title }));
  em.create(Playlist, {}).songs.add(songs);
  em.create(Playlist, {});
  em.create(Car, { plate: 'p1', seats: 4 });
  em.create(Truck, { plate: 'p2', load: 7 });
  em.create(Laptop, { label: 'l1', serial: 's1', kind: 'laptop' });
  em.create(Desk, { label: 'l2', height: 70, kind: 'desk' });
  const team = em.create(Team, { name: 't1' });
  em.create(Team, { name: 't2' });
  const membership = em.create(Membership, { person: first, team, role: 'r1' });
  em.create(Membership, { person: second, team, role: 'r1' });
  em.create(MembershipNote, { text: 'x1', membership });
  em.create(Country, { code: 'aa', name: 'c1' });
  em.create(Country, { code: 'bb', name: 'c2' });
  const shelf = em.create(Shelf, { name: 's1' });
  em.create(Shelf, { name: 's2' });
  const box = em.create(Box, { shelf });
  box.needs.add(skill1);
  em.create(Box, { shelf });
  em.create(Item, { name: 'i1', box });
  em.create(ShelfLabel, { text: 'x1', shelf });
  em.create(ShelfLabel, { text: 'x2' });
  em.create(Hook, { strength: 1, shelf });
  em.create(Hook, { strength: 2, shelf });
  em.create(Account, { owner: 'o1' }).skills.add(skill1);
  em.create(Account, { owner: 'o2', balance: 2 });
  await em.flush();
}
