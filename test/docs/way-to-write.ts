import type { EntityManager } from '@mikro-orm/postgresql';
import { Account, Box, Hook, Item, Person, Shelf, ShelfLabel, Skill } from '../support/fixtures/company.js';
import { Order } from '../support/fixtures/orders.js';

/** One way to write with MikroORM. The names are the first column of docs/04-considerations/what-is-captured.md. */
export interface WayToWrite {
  /** Writes what has to be there first; runs on an EntityManager of its own. */
  readonly before?: (em: EntityManager) => Promise<void>;
  readonly write: (em: EntityManager) => Promise<unknown>;
}

export const order = (title: string) => ({ title, price: '1.50', views: 0 });
export const anOrder = async (em: EntityManager) => void em.create(Order, order('a'));
export const aPerson = async (em: EntityManager) =>
  void em.create(Person, { name: 'a', email: 'a', skills: [em.create(Skill, { name: 's' })] });
export const aShelf = async (em: EntityManager) => {
  const shelf = em.create(Shelf, { name: 'a' });
  const box = em.create(Box, { shelf });
  em.create(Item, { name: 'i', box });
  em.create(ShelfLabel, { text: 'l', shelf });
  em.create(Hook, { strength: 1, shelf });
};
export const anAccount = async (em: EntityManager) => void em.create(Account, { owner: 'a' });

/** Loads, changes and flushes. */
export const flushing =
  (work: (em: EntityManager) => unknown) =>
  async (em: EntityManager): Promise<void> => {
    await work(em);
    await em.flush();
  };

export const changed = async (em: EntityManager, title = 'b') => {
  (await em.findOneOrFail(Order, 1)).title = title;
};
