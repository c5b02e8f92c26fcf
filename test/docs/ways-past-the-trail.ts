import { Line, Order } from '../support/fixtures/orders.js';
import { anOrder, order, type WayToWrite } from './way-to-write.js';

/** Ways that go past the unit of work, so that nothing records them. */
export const WAYS_PAST_THE_TRAIL: Readonly<Record<string, WayToWrite>> = {
  '`em.insert()`': { write: (em) => em.insert(Order, order('a')) },
  '`em.insertMany()`': { write: (em) => em.insertMany(Order, [order('a'), order('b')]) },
  '`em.nativeUpdate()`': { before: anOrder, write: (em) => em.nativeUpdate(Order, 1, { title: 'b' }) },
  '`em.nativeDelete()`': { before: anOrder, write: (em) => em.nativeDelete(Order, 1) },
  '`em.upsert()`': { before: anOrder, write: (em) => em.upsert(Order, { id: 1, ...order('b') }) },
  '`em.upsertMany()`': {
    before: anOrder,
    write: (em) => em.upsertMany(Order, [{ id: 1, ...order('b') }]),
  },
  '`em.clone()`': {
    before: anOrder,
    write: async (em) => em.clone(await em.findOneOrFail(Order, 1)),
  },
  'query builder: insert, update, delete': {
    before: anOrder,
    write: (em) => em.createQueryBuilder(Order).update({ title: 'b' }).where({ id: 1 }).execute(),
  },
  '`em.execute()`, `connection.execute()`': {
    before: anOrder,
    write: (em) => em.execute(`update "order" set title = 'b'`),
  },
  '`em.getKysely()`': {
    before: anOrder,
    write: (em) =>
      em.getKysely<{ order: { title: string } }>().updateTable('order').set({ title: 'b' }).execute(),
  },
  '`em.getDriver().nativeInsert()` and its like': {
    before: anOrder,
    write: (em) => em.getDriver().nativeInsert(Line, { quantity: 1, order: 1 }),
  },
  '`truncate`': { before: anOrder, write: (em) => em.execute('truncate "order" cascade') },
};
