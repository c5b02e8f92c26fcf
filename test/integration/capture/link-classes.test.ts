import { describe, expect, it } from '@jest/globals';
import { auditPolicy } from 'nestjs-mikro-audit';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Course, Item, Order, Product, Seat, Student } from './link-class-entities.js';

describe('an audited class that holds the links of a relation', () => {
  const audited = useAuditedApp({
    entities: [Product, Item, Order, Seat, Course, Student],
    options: {
      policies: [
        auditPolicy(Product),
        auditPolicy(Item, { name: 'item' }),
        auditPolicy(Order),
        auditPolicy(Seat),
        auditPolicy(Course),
        auditPolicy(Student),
      ],
    },
  });

  /** An order of product 1, and a product 2. */
  async function order(): Promise<void> {
    const em = audited.orm.em.fork();
    const one = em.create(Order, { id: 1 });
    em.create(Item, { order: one, product: em.create(Product, { id: 1, name: 'a' }), amount: 2 });
    em.create(Product, { id: 2, name: 'b' });
    await em.flush();
  }

  async function productsNow(): Promise<unknown> {
    const state = await audited.reader.asOf(Order, 1, new Date(Date.now() + 60_000));
    return state?.products;
  }

  async function itemChanges(): Promise<readonly string[]> {
    return (await trailOf(audited)).flatMap(([type, id, operation]) =>
      type === 'item' ? [`${operation} ${id}`] : [],
    );
  }

  it('is recorded once, with a history, and its links with the owner', async () => {
    await order();
    expect(await productsNow()).toEqual([1]);
    let em = audited.orm.em.fork();
    (await em.findOneOrFail(Item, { order: 1, product: 1 })).amount = 99;
    await em.flush();
    em = audited.orm.em.fork();
    em.remove(await em.findOneOrFail(Item, { order: 1, product: 1 }));
    await em.flush();
    expect(await productsNow()).toEqual([]);
    expect(await itemChanges()).toEqual(['create ["1","1"]', 'update ["1","1"]', 'delete ["1","1"]']);
    const { items } = await audited.reader.history(Item, [1, 1]);
    expect(items.map(({ operation }) => operation)).toEqual(['delete', 'update', 'create']);
  });

  it('adds a link to an order that has some', async () => {
    await order();
    const em = audited.orm.em.fork();
    em.create(Item, { order: em.getReference(Order, 1), product: em.getReference(Product, 2) });
    await em.flush();
    expect(await productsNow()).toEqual([1, 2]);
    expect(await itemChanges()).toEqual(['create ["1","1"]', 'create ["1","2"]']);
  });

  it('takes links that nobody has loaded', async () => {
    await order();
    const em = audited.orm.em.fork();
    em.remove(em.getReference(Item, [1, 1]));
    await em.flush();
    expect(await productsNow()).toEqual([]);
  });

  it.each(['loaded', 'not loaded'])(
    'is recorded when a collection of links changes that is %s',
    async (how) => {
      await order();
      const em = audited.orm.em.fork();
      const one = await em.findOneOrFail(Order, 1, how === 'loaded' ? { populate: ['products'] } : {});
      one.products.set([em.getReference(Product, 2)]);
      await em.flush();
      expect(await productsNow()).toEqual([2]);
      expect((await itemChanges()).toSorted()).toEqual([
        'create ["1","1"]',
        'create ["1","2"]',
        'delete ["1","1"]',
      ]);
    },
  );

  it('is recorded when links change from the other side', async () => {
    await order();
    const em = audited.orm.em.fork();
    const product = await em.findOneOrFail(Product, 2, { populate: ['orders'] });
    product.orders.add(em.getReference(Order, 1));
    await em.flush();
    expect(await productsNow()).toEqual([1, 2]);
    expect(await itemChanges()).toEqual(['create ["1","1"]', 'create ["1","2"]']);
  });

  it('is recorded when a new owner has a collection', async () => {
    const { em } = audited;
    const one = em.create(Order, { id: 1 });
    one.products.add(em.create(Product, { id: 1, name: 'a' }));
    await em.flush();
    expect(await productsNow()).toEqual([1]);
    expect(await itemChanges()).toEqual(['create ["1","1"]']);
  });

  it('is recorded when the owner is deleted', async () => {
    await order();
    const em = audited.orm.em.fork();
    em.remove(em.getReference(Order, 1));
    await em.flush();
    expect(await itemChanges()).toEqual(['create ["1","1"]', 'delete ["1","1"]']);
  });

  it('has a story beside a loaded collection, which is not believed afterwards', async () => {
    await order();
    const em = audited.orm.em.fork();
    const one = await em.findOneOrFail(Order, 1, { populate: ['products'] });
    em.create(Item, { order: one, product: em.create(Product, { id: 3, name: 'c' }) });
    await em.flush();
    one.products.add(em.getReference(Product, 2));
    await em.flush();
    expect(await productsNow()).toEqual([1, 2, 3]);
  });

  it('moves a link to another owner', async () => {
    let em = audited.orm.em.fork();
    const [one, two] = [1, 2].map((id) => em.create(Course, { id }));
    em.create(Seat, { id: 5, course: one ?? 1, student: em.create(Student, { id: 7 }) });
    await em.flush();
    em = audited.orm.em.fork();
    em.getReference(Seat, 5).course = em.getReference(Course, two?.id ?? 2);
    await em.flush();
    const states = await Promise.all(
      [1, 2].map((id) => audited.reader.asOf(Course, id, new Date(Date.now() + 60_000))),
    );
    expect(states.map((state) => state?.students)).toEqual([[], [7]]);
    em = audited.orm.em.fork();
    em.remove(em.getReference(Seat, 5));
    await em.flush();
    expect(await audited.reader.asOf(Course, 2, new Date(Date.now() + 60_000))).toMatchObject({
      students: [],
    });
  });

  it('has a key of its own, and is recorded when a collection changes', async () => {
    let em = audited.orm.em.fork();
    const course = em.create(Course, { id: 1 });
    course.students.add(em.create(Student, { id: 7 }), em.create(Student, { id: 8 }));
    await em.flush();
    em = audited.orm.em.fork();
    const again = await em.findOneOrFail(Course, 1, { populate: ['students'] });
    again.students.remove(em.getReference(Student, 7));
    await em.flush();
    const state = await audited.reader.asOf(Course, 1, new Date(Date.now() + 60_000));
    expect(state?.students).toEqual([8]);
  });

  it('comes back with a deleted owner, as what it was', async () => {
    await order();
    const em = audited.orm.em.fork();
    em.remove(await em.findOneOrFail(Order, 1));
    await em.flush();
    const plan = await audited.restorer.planUndelete(Order, 1, { withChildren: true });
    await audited.restorer.apply(plan);
    expect(await productsNow()).toEqual([1]);
    expect(await audited.orm.em.fork().findOneOrFail(Item, [1, 1])).toMatchObject({ amount: 2 });
  });

  it('is restored with its owner', async () => {
    await order();
    const [created] = (await audited.reader.history(Order, 1)).items;
    const em = audited.orm.em.fork();
    em.remove(await em.findOneOrFail(Item, [1, 1]));
    await em.flush();
    const to = { revision: created?.revision.id ?? '' };
    await audited.restorer.apply(await audited.restorer.plan(Order, 1, { to, withChildren: true }));
    expect(await productsNow()).toEqual([1]);
    expect(await audited.orm.em.fork().findOneOrFail(Item, [1, 1])).toMatchObject({ amount: 2 });
  });
});
