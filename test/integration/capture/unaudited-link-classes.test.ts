import { describe, expect, it } from '@jest/globals';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Item, Order, Product } from './link-class-entities.js';

describe('a class that holds links and is not audited', () => {
  const audited = useAuditedApp({
    entities: [Product, Item, Order],
    options: { policies: [auditPolicy(Product), auditPolicy(Order)] },
  });

  it('changes the links of the owner', async () => {
    let em = audited.orm.em.fork();
    const one = em.create(Order, { id: 1 });
    em.create(Item, { order: one, product: em.create(Product, { id: 1, name: 'a' }) });
    await em.flush();
    em = audited.orm.em.fork();
    em.remove(em.getReference(Item, [1, 1]));
    await em.flush();
    const { items } = await audited.reader.history(Order, 1);
    expect(
      items.map(({ operation, before, after }) => [operation, before?.products, after?.products]),
    ).toEqual([
      ['update', [1], undefined],
      ['create', undefined, [1]],
    ]);
  });
});

describe('a class that holds links of an owner that is not audited', () => {
  const audited = useAuditedApp({
    entities: [Product, Item, Order],
    options: { policies: [auditPolicy(Product), auditPolicy(Item, { exact: true })] },
  });

  it('changes the links of the other side', async () => {
    let em = audited.orm.em.fork();
    const one = em.create(Order, { id: 1 });
    em.create(Item, { order: one, product: em.create(Product, { id: 1, name: 'a' }) });
    em.create(Product, { id: 2, name: 'b' });
    await em.flush();
    em = audited.orm.em.fork();
    em.create(Item, { order: em.getReference(Order, 1), product: em.getReference(Product, 2) });
    em.remove(await em.findOneOrFail(Item, [1, 1]));
    await em.flush();
    em = audited.orm.em.fork();
    (await em.findOneOrFail(Order, 1, { populate: ['products'] })).products.add(em.getReference(Product, 1));
    await em.flush();
    const at = new Date(Date.now() + 60_000);
    const states = await Promise.all([1, 2].map((id) => audited.reader.asOf(Product, id, at)));
    expect(states.map((state) => state?.orders)).toEqual([[1], [1]]);
  });
});
