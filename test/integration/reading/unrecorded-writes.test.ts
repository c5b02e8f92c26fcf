import { describe, expect, it } from '@jest/globals';
import { gapsOf, type StateGap } from 'nestjs-mikro-audit';
import { Order, Tag } from '../../support/fixtures/shop.js';
import { useOrders } from './use-orders.js';

const { audited, now, fork, newOrder, change } = useOrders();

function sneak(sql: string): Promise<unknown> {
  audited.skipOracle();
  return fork().getConnection().execute(sql);
}

/** A moment between two changes of an order. */
async function elsewhere(): Promise<{ revision: string }> {
  const em = fork();
  em.create(Tag, { name: 'elsewhere' });
  await em.flush();
  return now();
}

const revisions = async () => (await audited.reader.revisions({ order: 'oldest' })).items.map(({ id }) => id);

const told = (gaps: readonly StateGap[] | undefined) =>
  (gaps ?? []).map(({ path, kind, since, until }) => [path, kind, since?.revisionId, until?.revisionId]);

describe('a write that is not recorded', () => {
  it('shows in what the next change has found: that is the state between, and a gap', async () => {
    const id = await newOrder();
    await sneak(`update orders set title = 'Sneaked'`);
    const between = await elsewhere();
    await change(id, (order) => {
      order.title = 'Third';
    });
    const [created = '', , changed = ''] = await revisions();
    const gap = ['title', 'unrecorded', created, changed];
    const stateAt = async (at: Date | { revision: string }) => {
      const state = await audited.reader.asOf(Order, id, at);
      return [state?.title, told(gapsOf(state ?? {}))];
    };
    expect(await stateAt({ revision: created })).toEqual(['First', []]);
    expect(await stateAt(between)).toEqual(['Sneaked', [gap]]);
    expect(await stateAt(new Date())).toEqual(['Third', [gap]]);
    const diff = await audited.reader.diff(Order, id, {
      from: { revision: created },
      to: { revision: changed },
    });
    expect(diff).toMatchObject([{ path: 'title', before: 'First', after: 'Third' }]);
    expect(told(diff[0]?.gaps)).toEqual([gap]);
    const blame = (await audited.reader.blame(Order, id))?.find(({ path }) => path === 'title');
    expect([blame?.revision?.id, told(blame?.gaps)]).toEqual([changed, [gap]]);
  });

  it('is seen of every property when the entity is deleted, and of links', async () => {
    const em = fork();
    const tags = [em.create(Tag, { name: 'a' }), em.create(Tag, { name: 'b' })];
    await em.flush();
    const id = await newOrder();
    await change(id, (order) => {
      order.tags.add(em.getReference(Tag, tags[0]?.id ?? 0));
    });
    await sneak(`update orders_tags set tag_id = ${tags[1]?.id}`);
    await sneak(`update orders set price = 99`);
    const between = await elsewhere();
    const removing = fork();
    removing.remove(await removing.findOneOrFail(Order, id));
    await removing.flush();
    const state = await audited.reader.asOf(Order, id, between);
    expect(state).toMatchObject({ title: 'First', price: '99.00', tags: [tags[1]?.id] });
    expect(told(gapsOf(state ?? {})).map(([path]) => path)).toEqual(
      expect.arrayContaining(['price', 'tags']),
    );
  });

  it('that puts a deleted row back leaves only what later changes tell', async () => {
    const id = await newOrder();
    const [kept] = await fork().getConnection().execute('select to_jsonb(o) as row from orders o');
    const removing = fork();
    removing.remove(await removing.findOneOrFail(Order, id));
    await removing.flush();
    const [, deleted] = await revisions();
    await sneak(
      `insert into orders select * from jsonb_populate_record(null::orders, '${JSON.stringify(kept?.row)}')`,
    );
    await change(id, (order) => {
      order.title = 'Third';
    });
    const state = (await audited.reader.asOf(Order, id, new Date())) ?? {};
    expect(state).toEqual({ id, title: 'Third' });
    expect(told(gapsOf(state))).toContainEqual(['price', 'unknown', deleted, undefined]);
  });
});
