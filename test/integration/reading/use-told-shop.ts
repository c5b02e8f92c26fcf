import { ref } from '@mikro-orm/core';
import { type Change, type EntityChangesQuery, systemActor } from 'nestjs-mikro-audit';
import { type AuditedApp } from '../../support/audited-app.js';
import { Customer, Line, Order, SHOP_HASH_KEY, shop, shopOracle, Tag } from '../../support/fixtures/shop.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

export const user = (id: string) => ({ type: 'user', id, label: `User ${id}` }) as const;

const brief = ({ items }: { items: readonly Change[] | readonly Change<Order>[] }) =>
  items.map(({ entityType, entityId, operation }) => `${operation} ${entityType} ${entityId}`);

/** The shop, a story of it, and searches of what it tells. */
export function useToldShop() {
  const audited = useAuditedApp({
    entities: shop,
    options: { hashKey: SHOP_HASH_KEY },
    oracle: shopOracle,
  });

  /** The story: its changes, newest last: type, id, operation. */
  async function tellStory(): Promise<void> {
    const { orm, context } = audited;
    const em = orm.em.fork();
    await context.run({ actor: user('anna'), action: 'order.place', correlationId: 'c1' }, async () => {
      const anna = em.create(Customer, { name: 'Anna' });
      const order = em.create(Order, {
        title: 'First 100%',
        customer: ref(anna),
        price: '99.50',
        total: 5n,
        pieces: 9,
        dueAt: new Date('2027-01-01T00:00:00Z'),
        taxNumber: '12 345',
        card: '4242424242424242',
        extra: { gate: 'B', floor: 2 },
        address: { street: 'Quay', city: 'Kiel' },
        parcel: { weight: 3 },
      });
      em.create(Line, { quantity: 1, order: ref(order) });
      em.create(Line, { quantity: 2, order: ref(order) });
      await em.flush();
      em.create(Order, { title: 'Second', price: '100.00' });
      await em.flush();
    });
    await context.run({ actor: user('boris'), onBehalfOf: user('anna'), correlationId: 'c2' }, async () => {
      const order = await em.findOneOrFail(Order, 1);
      order.price = '120.00';
      order.total = 12n;
      order.pieces = 10;
      order.extra = { gate: 'C', floor: 2 };
      await em.flush();
      order.tags.add(em.create(Tag, { name: 'urgent' }));
      order.address = { street: 'Quay', city: 'Bonn' };
      await em.flush();
    });
    await context.run({ actor: systemActor('cleaner'), action: 'order.purge' }, async () => {
      const [line] = await em.find(Line, { quantity: 1 });
      if (line) {
        em.remove(line);
      }
      await em.flush();
      em.remove(await em.findOneOrFail(Order, 2));
      await em.flush();
    });
  }

  const find = async (query: Parameters<AuditedApp['reader']['changes']>[0]) =>
    brief(await audited.reader.changes(query));

  const findOrders = async (query: Omit<EntityChangesQuery<Order>, 'entity'>) =>
    brief(await audited.reader.changes({ entity: Order, order: 'oldest', ...query }));

  return { audited, tellStory, find, findOrders };
}
