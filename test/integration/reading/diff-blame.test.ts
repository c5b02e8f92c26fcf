import { describe, expect, it } from '@jest/globals';
import { MaskedValue } from 'nestjs-mikro-audit';
import { Order, SHOP_HASH_KEY, shop, shopOracle, Tag } from '../../support/fixtures/shop.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const audited = useAuditedApp({
  entities: shop,
  options: { hashKey: SHOP_HASH_KEY },
  oracle: shopOracle,
});

const user = (id: string) => ({ type: 'user', id, label: null }) as const;

/** Creates an order, changes it twice and deletes it, each by somebody else; the revisions in their order. */
async function story(): Promise<readonly string[]> {
  const em = audited.orm.em.fork();
  const by = (id: string, reason: string) =>
    audited.context.run({ actor: user(id), reason }, () => em.flush());
  const order = em.create(Order, {
    title: 'First',
    extra: { gate: 'B', list: [1, 2], inner: { a: 1, b: 2 } },
    parcel: { weight: 3, carrier: 'x' },
    address: { street: 'Quay', city: 'Kiel' },
    card: '4242424242421111',
  });
  await by('anna', 'new');
  order.extra = { gate: 'B', floor: 3, list: [1], inner: { a: 1, b: 3 } };
  order.parcel = { weight: 4, carrier: 'x' };
  order.address = { street: 'Quay', city: 'Bonn' };
  order.card = '5555555555551111';
  await by('boris', 'moved');
  order.title = 'Second';
  order.tags.add(em.create(Tag, { name: 'a' }));
  await by('clara', 'tagged');
  order.title = 'First';
  await by('dora', 'as it was');
  em.remove(order);
  await by('emil', 'gone');
  const { items } = await audited.reader.revisions({ order: 'oldest' });
  return items.map(({ id }) => id);
}

const byPath = (fields: readonly { path: string; before: unknown; after: unknown }[]) =>
  Object.fromEntries(fields.map(({ path, before, after }) => [path, [before, after]]));

describe('a diff', () => {
  it('goes into JSON and embeddables, and shows that a hidden value changed', async () => {
    const [first = '', second = ''] = await story();
    const diff = await audited.reader.diff(Order, 1, { from: { revision: first }, to: { revision: second } });
    const hidden = new MaskedValue('last4', '1111');
    expect(byPath(diff)).toEqual({
      'extra.floor': [undefined, 3],
      'extra.list': [[1, 2], [1]],
      'extra.inner.b': [2, 3],
      'parcel.weight': [3, 4],
      'address.city': ['Kiel', 'Bonn'],
      card: [hidden, hidden],
    });
    const back = await audited.reader.diff(Order, 1, { from: { revision: second }, to: { revision: first } });
    expect(byPath(back)).toEqual(
      Object.fromEntries(Object.entries(byPath(diff)).map(([path, [was, is]]) => [path, [is, was]])),
    );
  });

  it('compares the two states and ignores what happened in between', async () => {
    const [, second = '', , fourth = ''] = await story();
    const diff = await audited.reader.diff(Order, 1, {
      from: { revision: second },
      to: { revision: fourth },
    });
    expect(diff).toEqual([{ path: 'tags', before: [], after: [1] }]);
    expect(
      await audited.reader.diff(Order, 1, { from: { revision: second }, to: { revision: second } }),
    ).toEqual([]);
  });

  it('has one side only where the entity was not there', async () => {
    const [first = '', , , , last = ''] = await story();
    const created = await audited.reader.diff(Order, 1, { from: new Date(0), to: { revision: first } });
    expect(created.every(({ before }) => before === undefined)).toBe(true);
    expect(byPath(created)).toMatchObject({ title: [undefined, 'First'], tags: [undefined, []] });
    const deleted = await audited.reader.diff(Order, 1, {
      from: { revision: first },
      to: { revision: last },
    });
    expect(deleted.every(({ after }) => after === undefined)).toBe(true);
    expect(await audited.reader.diff(Order, 1, { from: new Date(0), to: new Date() })).toEqual([]);
  });
});

describe('blame', () => {
  it('names, for each present property, who set it last, when and why', async () => {
    const em = audited.orm.em.fork();
    const order = em.create(Order, { title: 'First' });
    await audited.context.run({ actor: user('anna'), reason: 'new' }, () => em.flush());
    order.title = 'Second';
    order.tags.add(em.create(Tag, { name: 'a' }));
    await audited.context.run({ actor: user('boris'), reason: 'better' }, () => em.flush());
    audited.statements.take();
    const blame = await audited.reader.blame(Order, 1);
    expect(audited.statements.take()).toHaveLength(1);
    const of = (path: string) => blame?.find((one) => one.path === path);
    expect(of('title')).toMatchObject({
      value: 'Second',
      operation: 'update',
      revision: { actor: { id: 'boris' }, reason: 'better', recordedAt: expect.any(Date) },
    });
    expect(of('tags')).toMatchObject({ value: [1], revision: { actor: { id: 'boris' } } });
    expect(of('price')).toMatchObject({
      value: '0.00',
      operation: 'create',
      revision: { actor: { id: 'anna' } },
    });
    expect(of('route')).toMatchObject({ value: [], operation: 'create' });
    expect(of('views')).toBeUndefined();
    const { items } = await audited.reader.history(Order, 1, { limit: 1 });
    expect(of('title')?.changeId).toBe(items[0]?.id);
    const whole = await audited.reader.blame(Order, 1, { details: true });
    expect(whole?.find(({ path }) => path === 'title')?.revision).toEqual(
      (await audited.reader.revisions({ limit: 1 })).items.map(({ counts: _, ...revision }) => revision)[0],
    );
  });

  it('is null for an entity that does not exist now', async () => {
    await story();
    expect(await audited.reader.blame(Order, 1)).toBeNull();
    expect(await audited.reader.blame(Order, 2)).toBeNull();
  });
});
