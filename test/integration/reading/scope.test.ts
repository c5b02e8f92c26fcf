import { beforeEach, describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import type { Change, Page, TrailScope } from 'nestjs-mikro-audit';
import { Customer, Line, Order, SHOP_HASH_KEY, shop, shopOracle, Tag } from '../../support/fixtures/shop.js';
import { sequence } from '../../support/sequenced.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const audited = useAuditedApp({
  entities: shop,
  options: { hashKey: SHOP_HASH_KEY },
  oracle: shopOracle,
  clear: false,
});

const north: TrailScope = { metadata: { tenant: 'north' } };
const south: TrailScope = { metadata: { tenant: 'south' } };

/** Order 1 of north with two lines, order 2 of south with one; a customer that both have changed. */
async function tellStory(): Promise<void> {
  await audited.oracle.clear();
  const { context, orm } = audited;
  const em = orm.em.fork();
  await context.run({ metadata: { tenant: 'north', plan: 1 } }, async () => {
    const order = em.create(Order, { title: 'North' });
    em.create(Customer, { name: 'Both' });
    em.create(Line, { quantity: 1, order: ref(order) });
    em.create(Line, { quantity: 2, order: ref(order) });
    await em.flush();
  });
  await context.run({ metadata: { tenant: 'south' } }, async () => {
    const customer = await em.findOneOrFail(Customer, 1);
    customer.name = 'Shared';
    const order = em.create(Order, { title: 'South', customer: ref(customer) });
    em.create(Line, { quantity: 3, order: ref(order) });
    await em.flush();
  });
}

const now = () => new Date(Date.now() + 60_000);
const entitiesOf = async (within: TrailScope) =>
  (await audited.reader.changes({ within, order: 'oldest' })).items.map(
    ({ entityType, entityId }) => `${entityType} ${entityId}`,
  );

describe('a reader with a scope', () => {
  beforeEach(tellStory);

  it('finds nothing outside by searching, following or counting', async () => {
    const { reader } = audited;
    expect(await entitiesOf(north)).toEqual(['order 1', 'customer 1', 'line 1', 'line 2']);
    expect(await entitiesOf(south)).toEqual(expect.arrayContaining(['order 2', 'line 3', 'customer 1']));
    expect(await entitiesOf({ metadata: { tenant: 'west' } })).toEqual([]);
    expect(await entitiesOf({ metadata: { tenant: 'north', plan: 2 } })).toEqual([]);
    expect((await reader.changes({ entity: Order, id: [2], within: north })).items).toEqual([]);
    expect((await reader.revisions({ within: south })).items.map(({ counts }) => counts)).toEqual([
      { customer: 1, line: 1, order: 1 },
    ]);
    const { days } = await reader.activity({ from: new Date(0), within: north });
    expect(days.map(({ total }) => total)).toEqual([4]);
    await sequence(audited.app);
    const { items } = await reader.feed({ after: null, within: { metadata: { tenant: 'west' } } });
    expect(items).toEqual([]);
  });

  it('may be given entities with their parts, classes, and several of these', async () => {
    const whole = (id: number) => ({ partOf: [{ entity: Order, id }] });
    expect(await entitiesOf(whole(1))).toEqual(['order 1', 'line 1', 'line 2']);
    expect(await entitiesOf({ partOf: [...whole(1).partOf, ...whole(2).partOf] })).toHaveLength(5);
    expect(await entitiesOf({ ...whole(1), entity: [Line] })).toEqual(['line 1', 'line 2']);
    expect(await entitiesOf({ anyOf: [whole(2), { entity: [Customer] }] })).toHaveLength(4);
    expect(await entitiesOf({ ...south, anyOf: [whole(1), { entity: [Customer] }] })).toEqual(['customer 1']);
    for (const nothing of [{ partOf: [] }, { entity: [] }, { anyOf: [] }, whole(99)]) {
      expect(await entitiesOf(nothing)).toEqual([]);
    }
    const { items } = await audited.reader.revisions({ within: whole(2) });
    expect(items.map(({ counts }) => counts)).toEqual([{ order: 1, line: 1 }]);
  });

  it('sees only the part of an entity and of a revision that is inside the scope', async () => {
    const { reader } = audited;
    const history = async (within: TrailScope) =>
      (await reader.history(Customer, 1, { within })).items.map(({ operation }) => operation);
    expect([await history(north), await history(south)]).toEqual([['create'], ['update']]);
    const [newest] = (await reader.revisions()).items;
    const id = newest?.id ?? '';
    expect(await reader.revision(id, { within: north })).toBeNull();
    expect(
      (await reader.revision(id, { within: { entity: [Line] } }))?.changes.map(({ entityId }) => entityId),
    ).toEqual(['3']);
    expect(await reader.revision(id, { within: { entity: [Tag] } })).toBeNull();
  });

  it('sees the state of an entity only if all of it is inside', async () => {
    const { reader } = audited;
    expect(await reader.asOf(Order, 1, now(), { within: north })).toMatchObject({ title: 'North' });
    expect(await reader.asOf(Order, 1, now(), { within: south })).toBeNull();
    expect(await reader.diff(Order, 1, { from: new Date(0), to: now() }, { within: south })).toEqual([]);
    expect(await reader.blame(Order, 1, { within: south })).toBeNull();
    expect(await reader.blame(Order, 1, { within: north })).not.toBeNull();
    expect(await reader.asOf(Customer, 1, now(), { within: south })).toBeNull();
    const states = await reader.findAsOf(Order, {}, now(), {
      within: south,
      populate: ['customer', 'lines'],
    });
    expect(states.items).toMatchObject([{ title: 'South', customer: null, lines: [{ quantity: 3 }] }]);
  });

  it.each([
    [undefined, 'is undefined'],
    [null, 'is null'],
    ['all', 'is string'],
    [[], 'is object'],
    [{}, 'says nothing'],
    [{ tenant: 'a' }, 'has "tenant", which is no part of a scope'],
    [{ metadata: {} }, 'has metadata without a value to compare with'],
    [{ metadata: undefined }, 'has metadata without a value to compare with'],
    [{ metadata: { tenant: undefined } }, 'has metadata without a value to compare with'],
    [{ partOf: undefined }, 'has "partOf" without a value'],
    [{ entityType: [undefined] }, 'has "entityType" without a value'],
    [{ anyOf: { metadata: { tenant: 'a' } } }, 'has "anyOf" that is no list'],
    [{ anyOf: [{ metadata: { tenant: 'a' } }, {}] }, 'says nothing'],
    [{ anyOf: undefined }, 'has "anyOf" without a value'],
    [{ entity: [undefined] }, 'has "entity" without a value'],
    [{ schema: '*' }, 'has a "schema" that is no name of a schema'],
  ])('refuses %j, which would mean everything', async (scope, problem) => {
    const { reader } = audited;
    const within = scope as unknown as TrailScope;
    for (const ask of [
      () => reader.changes({ within }),
      () => reader.revisions({ within }),
      () => reader.counts({ by: 'actor', within }),
      () => reader.activity({ from: new Date(0), within }),
      () => reader.feed({ after: null, within }),
      () => reader.revision('1', { within }),
      () => reader.history(Order, 1, { within }),
      () => reader.latest(Order, [1], { within }),
      () => reader.asOf(Order, 1, now(), { within }),
      () => reader.eachAsOf(Order, [1], now(), { within }),
      () => reader.findAsOf(Order, {}, now(), { within }),
      () => reader.diff(Order, 1, { from: new Date(0), to: now() }, { within }),
      () => reader.blame(Order, 1, { within }),
    ]) {
      const answer = Promise.resolve().then<unknown>(ask);
      await expect(answer).rejects.toThrow(`The within of the audit query ${problem}`);
    }
  });

  it('paginates within the scope', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Change<Line>> = await audited.reader.history(Line, 2, {
        within: north,
        limit: 1,
        cursor,
      });
      seen.push(...page.items.map(({ operation }) => operation));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(['create']);
  });
});
