import { describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import { Department, SecretFile } from '../../support/fixtures/office.js';
import { Order, SHOP_HASH_KEY, shop, shopOracle, Tag } from '../../support/fixtures/shop.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { ofKind, useOffice } from './use-office.js';

describe('what a delete has taken from others', () => {
  const audited = useAuditedApp({ entities: shop, options: { hashKey: SHOP_HASH_KEY }, oracle: shopOracle });

  /** An order with three tags, and a route in the order c, a, b; then the first tag is deleted. */
  async function story() {
    const em = audited.orm.em.fork();
    const [a, b, c] = [1, 2, 3].map((n) => em.create(Tag, { name: `tag ${n}` })) as [Tag, Tag, Tag];
    await em.flush();
    const order = em.create(Order, { title: 'First' });
    order.tags.add(a, b);
    order.route.add(c, a, b);
    await em.flush();
    const removing = audited.orm.em.fork();
    removing.remove(await removing.findOneOrFail(Tag, a.id));
    await removing.flush();
    return { order: order.id, a: a.id, b: b.id, c: c.id };
  }

  async function linksOf(id: number) {
    const { tags, route } = await audited.orm.em
      .fork()
      .findOneOrFail(Order, id, { populate: ['tags', 'route'] });
    return [tags.getIdentifiers('id').toSorted(), route.getIdentifiers('id')];
  }

  it('comes back with it: links, in their order where it is data', async () => {
    const { order, a, b, c } = await story();
    const plan = await audited.restorer.planUndelete(Tag, a);
    expect(plan.steps.map((step) => `${step.operation} ${step.entityType}`)).toEqual([
      'create tag',
      'update order',
    ]);
    await audited.restorer.apply(plan);
    expect(await linksOf(order)).toEqual([
      [a, b],
      [c, a, b],
    ]);
  });

  it('is added to what came since, and other changes of the order stay', async () => {
    const { order: id, a, b, c } = await story();
    const em = audited.orm.em.fork();
    const order = await em.findOneOrFail(Order, id, { populate: ['tags'] });
    order.title = 'Second';
    order.tags.add(em.getReference(Tag, c));
    order.tags.remove(em.getReference(Tag, b));
    await em.flush();
    const plan = await audited.restorer.planUndelete(Tag, a);
    expect(plan.blocked).toBe(false);
    await audited.restorer.apply(plan);
    expect((await linksOf(id))[0]).toEqual([a, c]);
    expect((await audited.orm.em.fork().findOneOrFail(Order, id)).title).toBe('Second');
  });

  it('is named when the other one is gone meanwhile, and left out when accepted', async () => {
    const { order, a } = await story();
    const em = audited.orm.em.fork();
    em.remove(await em.findOneOrFail(Order, order));
    await em.flush();
    const plan = await audited.restorer.planUndelete(Tag, a);
    expect(ofKind(plan, 'entity-gone')).toMatchObject([
      { entityType: 'order', severity: 'blocking', acceptable: true },
    ]);
    await audited.restorer.apply(await audited.restorer.planUndelete(Tag, a, { accept: ['entity-gone'] }));
    expect(await audited.orm.em.fork().count(Tag, { id: a })).toBe(1);
  });
});

describe('what a delete of a parent has taken from others of its children', () => {
  const { audited, hire } = useOffice();

  it('comes back with them', async () => {
    const { em, department, employee } = await hire();
    const file = em.create(SecretFile, { content: 'x', owner: ref(employee) });
    await em.flush();
    const removing = audited.orm.em.fork();
    removing.remove(await removing.findOneOrFail(Department, department.id));
    await removing.flush();
    const plan = await audited.restorer.planUndelete(Department, department.id, {
      withChildren: true,
      accept: ['value-unknown'],
    });
    await audited.restorer.apply(plan);
    expect((await audited.orm.em.fork().findOneOrFail(SecretFile, file.id)).owner?.id).toBe(employee.id);
  });
});
