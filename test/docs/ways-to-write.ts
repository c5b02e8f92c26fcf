import { raw, ref, TransactionPropagation } from '@mikro-orm/core';
import {
  Account,
  Badge,
  Box,
  Car,
  Country,
  Desk,
  Item,
  Person,
  Shelf,
  ShelfLabel,
  Skill,
} from '../support/fixtures/company.js';
import { Order, Tag } from '../support/fixtures/orders.js';
import {
  anAccount,
  anOrder,
  aPerson,
  aShelf,
  changed,
  flushing,
  order,
  type WayToWrite,
} from './way-to-write.js';
import { WAYS_PAST_THE_TRAIL } from './ways-past-the-trail.js';

/** The names are the first column of docs/04-considerations/what-is-captured.md. */
export const WAYS: Readonly<Record<string, WayToWrite>> = {
  '`em.create()` or `em.persist()`, and `em.flush()`': { write: flushing(anOrder) },
  'changing a loaded entity, or `em.assign()`': {
    before: anOrder,
    write: flushing(async (em) => em.assign(await em.findOneOrFail(Order, 1), { title: 'b' })),
  },
  '`em.remove()` of a loaded entity': {
    before: (em) => em.persist(em.create(Badge, { number: 'n1' })).flush(),
    write: flushing(async (em) => em.remove(await em.findOneOrFail(Badge, 1))),
  },
  '`em.remove()` of an entity with many-to-many links': {
    before: anOrder,
    write: flushing(async (em) => em.remove(await em.findOneOrFail(Order, 1))),
  },
  '1,000 entities in one flush': {
    write: flushing((em) => {
      for (let n = 0; n < 1000; n++) em.create(Order, order(`${n}`));
    }),
  },
  '`em.transactional()` or `@Transactional()`, with any number of flushes': {
    write: (em) =>
      em.transactional(async (tx) => {
        tx.create(Order, order('a'));
        await tx.flush();
        await changed(tx);
      }),
  },
  '`em.begin()` and `em.commit()`': {
    write: async (em) => {
      await em.begin();
      await anOrder(em);
      await em.commit();
    },
  },
  'a flush that a query sets off (`FlushMode.AUTO`)': {
    before: anOrder,
    write: (em) =>
      em.transactional(async (tx) => {
        await changed(tx);
        await tx.find(Order, { title: 'b' });
      }),
  },
  'nested transactions (savepoints)': {
    write: (em) =>
      em.transactional(async (tx) => {
        await anOrder(tx);
        await tx.transactional(async (inner) => void inner.create(Tag, { name: 'x' }));
      }),
  },
  '`REQUIRES_NEW`, inside another transaction': {
    write: (em) =>
      em.transactional(async (tx) => {
        await flushing(anOrder)(tx);
        await tx.transactional(async (inner) => void inner.create(Tag, { name: 'x' }), {
          propagation: TransactionPropagation.REQUIRES_NEW,
        });
      }),
  },
  '`em.setTransactionContext()` with a transaction of your own': {
    write: (em) =>
      em.getConnection().transactional(async (transaction) => {
        const fork = em.fork();
        fork.setTransactionContext(transaction);
        await flushing(anOrder)(fork);
        await flushing((one) => one.create(Tag, { name: 'x' }))(fork);
      }),
  },
  '`em.getReference()`, changed': {
    before: anOrder,
    write: flushing((em) => em.assign(em.getReference(Order, 1), { title: 'b' })),
  },
  '`em.getReference()`, removed': {
    before: async (em) => void em.create(Badge, { number: '1' }),
    write: flushing((em) => em.remove(em.getReference(Badge, 1))),
  },
  'a partially loaded entity, changing what was loaded': {
    before: anOrder,
    write: flushing(async (em) => {
      (await em.findOneOrFail(Order, 1, { fields: ['title'] })).title = 'b';
    }),
  },
  'a partially loaded entity or a lazy property, changing what was not loaded': {
    before: aPerson,
    write: flushing(async (em) => {
      (await em.findOneOrFail(Person, 1)).biography = 'b';
    }),
  },
  '`em.merge()` or `em.map()`, then changed': {
    before: anOrder,
    write: flushing((em) => {
      em.merge(Order, { id: 1, ...order('claimed') }).title = 'b';
    }),
  },
  'unique or one-to-one columns that MikroORM postpones (extra updates)': {
    before: async (em) => {
      em.create(Person, { name: 'a', email: 'a' });
      em.create(Person, { name: 'b', email: 'b' });
    },
    write: flushing(async (em) => {
      const people = await em.find(Person, {}, { orderBy: { id: 1 } });
      const [first, second] = people as [Person, Person];
      first.email = 'c';
      second.email = 'a';
    }),
  },
  'a one-to-one relation, set from either side': {
    before: async (em) => {
      em.create(Badge, { number: '1', person: em.create(Person, { name: 'a' }) });
    },
    write: flushing(async (em) => {
      const person = await em.findOneOrFail(Person, 1, { populate: ['badge'] });
      person.badge = ref(em.create(Badge, { number: '2' }));
    }),
  },
  'joined-table inheritance': {
    write: flushing((em) => em.create(Car, { plate: 'a', seats: 4 })),
  },
  'single-table inheritance': {
    write: flushing((em) => em.create(Desk, { kind: 'desk', label: 'a', height: 70 })),
  },
  'a changed primary key': {
    before: async (em) => void em.create(Country, { code: 'de', name: 'a' }),
    write: flushing(async (em) => {
      (await em.findOneOrFail(Country, { code: 'de' })).code = 'fr';
    }),
  },
  'many-to-many, a loaded collection, either side': {
    before: aPerson,
    write: flushing(async (em) => {
      (await em.findOneOrFail(Person, 1, { populate: ['skills'] })).skills.removeAll();
    }),
  },
  'many-to-many, a collection that is not loaded': {
    before: aPerson,
    write: flushing(async (em) => {
      (await em.findOneOrFail(Person, 1)).skills.set([em.create(Skill, { name: 't' })]);
    }),
  },
  'one-to-many, `add()` and `remove()`, cascade and orphan removal of loaded children': {
    before: aShelf,
    write: flushing(async (em) => {
      (await em.findOneOrFail(Shelf, 1, { populate: ['hooks'] })).hooks.removeAll();
    }),
  },
  'one-to-many, `set()` or `removeAll()` on a collection that is not loaded': {
    before: aShelf,
    write: flushing(async (em) => {
      (await em.findOneOrFail(Shelf, 1)).labels.removeAll();
    }),
  },
  'children that the database deletes or detaches (`on delete cascade`, `set null`)': {
    before: async (em) => {
      const shelf = em.create(Shelf, { name: 'a' });
      em.create(Item, { name: 'i', box: em.create(Box, { shelf }) });
      em.create(ShelfLabel, { text: 'l', shelf });
    },
    write: flushing(async (em) => em.remove(await em.findOneOrFail(Shelf, 1))),
  },
  'an SQL expression (`raw()`) that MikroORM gets back': {
    before: anOrder,
    write: flushing(async (em) => {
      (await em.findOneOrFail(Order, 1)).title = raw(`upper('b')`) as never;
    }),
  },
  '`exact: true`, a create': { write: flushing(anAccount) },
  '`exact: true`, an update': {
    before: anAccount,
    write: flushing(async (em) => {
      (await em.findOneOrFail(Account, 1)).balance = 2;
    }),
  },
  '`exact: true`, a delete of an entity with a many-to-many relation': {
    before: anAccount,
    write: flushing(async (em) => em.remove(await em.findOneOrFail(Account, 1))),
  },
  'a lock version that another transaction has moved on': {
    before: async (em) => void em.create(Country, { code: 'de', name: 'a' }),
    write: async (em) => {
      const country = await em.findOneOrFail(Country, { code: 'de' });
      await em.fork().nativeUpdate(Country, { code: 'de' }, { version: 7 });
      country.name = 'b';
      await em.flush().catch(() => undefined);
    },
  },
  'a flush without a change': { before: anOrder, write: flushing((em) => em.findOneOrFail(Order, 1)) },
  'a transaction that is rolled back': {
    write: (em) =>
      em
        .transactional(async (tx) => {
          await flushing(anOrder)(tx);
          throw new Error('no');
        })
        .catch(() => undefined),
  },
  ...WAYS_PAST_THE_TRAIL,
};
