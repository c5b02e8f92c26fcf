import { describe, expect, it } from '@jest/globals';
import { gapsOf } from 'nestjs-mikro-audit';
import { Animal, Country, Dog, Item, Stock, useItems } from './use-items.js';

const { audited, itemWithChanges } = useItems();

const as = (id: string, work: () => Promise<unknown>) =>
  audited.context.run({ actor: { type: 'user', id, label: id.toUpperCase() } }, work);

/** A country with stock of an item, both changed once. */
async function stockOf(code: string): Promise<{ readonly item: bigint; readonly code: string }> {
  const em = audited.orm.em.fork();
  const item = em.create(Item, { title: `of ${code}` });
  const stock = em.create(Stock, { item, country: em.create(Country, { code, title: code }), amount: 1 });
  await as('anna', () => em.flush());
  stock.amount = 2;
  await as('boris', () => em.flush());
  return { item: BigInt(item.id), code };
}

describe('the newest changes of a list', () => {
  it('come in the order of the ids, null where there are none, with one statement', async () => {
    const [first, second] = [await itemWithChanges(3), await itemWithChanges(1)];
    audited.statements.take();
    const latest = await audited.reader.latest(Item, [second, 4711n, first, second]);
    expect(audited.statements.take()).toHaveLength(1);
    expect(latest.map((change) => change?.after?.title)).toEqual(['1', undefined, '3', '1']);
    const { items } = await audited.reader.history(Item, first, { limit: 1 });
    expect(latest[2]).toEqual(items[0]);
    expect(await audited.reader.latest(Item, [])).toEqual([]);
    const [whole] = await audited.reader.latest(Item, [first], { details: true });
    expect(whole?.revision.outcome).toBe('success');
  });

  it('are found by composite keys, by the keys of subclasses, and under a changed key', async () => {
    const { item, code } = await stockOf('de');
    const em = audited.orm.em.fork();
    const dog = em.create(Dog, { id: 1, kind: 'dog', title: 'Rex' });
    em.create(Animal, { id: 2, kind: 'animal', title: 'Mimi' });
    await em.flush();
    const country = await em.findOneOrFail(Country, { code });
    await em.remove(await em.findOneOrFail(Stock, { country })).flush();
    country.code = 'at';
    await em.flush();
    await em.remove(dog).flush();
    const [stock] = await audited.reader.latest(Stock, [[item, code]] as never);
    expect(stock).toMatchObject({ operation: 'delete', entityId: JSON.stringify([`${item}`, code]) });
    const animals = await audited.reader.latest(Animal, [2, 1]);
    expect(animals.map((one) => [one?.entityType, one?.operation])).toEqual([
      ['Animal', 'create'],
      ['Dog', 'delete'],
    ]);
    const countries = await audited.reader.latest(Country, ['at', 'de']);
    expect(countries.map((one) => one?.renamedTo)).toEqual(['at', 'at']);
  });

  it('are those inside the scope of the reader', async () => {
    const em = audited.orm.em.fork();
    const item = em.create(Item, { title: 'a' });
    for (const tenant of ['a', 'b']) {
      item.title = tenant;
      await audited.context.run({ metadata: { tenant } }, () => em.flush());
    }
    const within = (tenant: string) =>
      audited.reader.latest(Item, [item.id], { within: { metadata: { tenant } } });
    expect((await within('a')).map((change) => change?.after?.title)).toEqual(['a']);
    expect(await within('c')).toEqual([null]);
  });
});

describe('the states of a list', () => {
  it('come in the order of the ids, null where there was nothing, with as many statements as one', async () => {
    const [first, second] = [await itemWithChanges(2), await itemWithChanges(0)];
    const now = new Date();
    await audited.reader.eachAsOf(Item, [first], now);
    audited.statements.take();
    const states = await audited.reader.eachAsOf(Item, [second, first, 4711n], now);
    expect(states.map((state) => state?.title)).toEqual(['0', '2', undefined]);
    expect(states[2]).toBeNull();
    expect(audited.statements.take().filter((text) => text.includes('audit_change'))).toHaveLength(2);
    audited.statements.take();
    await audited.reader.eachAsOf(Item, [second, first], now);
    expect(audited.statements.take()).toHaveLength(1);
    expect(await audited.reader.eachAsOf(Item, [first], new Date(0))).toEqual([null]);
    expect(await audited.reader.eachAsOf(Item, [], now)).toEqual([]);
  });

  it('have relations looked up, also where a key has several parts', async () => {
    const { item, code } = await stockOf('fr');
    const now = new Date();
    const one = await audited.reader.asOf(Stock, [item, code], now, { populate: ['country'] });
    expect(one).toMatchObject({ amount: 2, country: { title: 'fr' } });
    const keys = [
      [item, code],
      [item, 'xx'],
    ] as never;
    expect(await audited.reader.eachAsOf(Stock, keys, now, { populate: ['country'] })).toEqual([one, null]);
  });

  it('have the key, and gaps, of what is there and not in the trail', async () => {
    audited.skipOracle();
    const known = await itemWithChanges(0);
    await audited.orm.em.fork().insertMany(Item, [
      { id: 81n, title: 'old' },
      { id: 82n, title: 'old' },
    ]);
    const states = await audited.reader.eachAsOf(Item, [81n, known, 82n, 83n], new Date());
    expect(states.map((state) => state?.id)).toEqual([81n, known, 82n, undefined]);
    expect(gapsOf(states[0] ?? {}).map(({ path, kind }) => `${path} ${kind}`)).toContain('title unknown');
    expect(gapsOf(states[1] ?? {})).toEqual([]);
  });
});

describe('counts', () => {
  it('are by actor, action, type and entity, of changes and of their revisions', async () => {
    const { item } = await stockOf('it');
    const em = audited.orm.em.fork();
    (await em.findOneOrFail(Item, { id: item })).title = 'again';
    await audited.context.run(
      { actor: { type: 'user', id: 'anna', label: 'Anna' }, action: 'item.rename' },
      () => em.flush(),
    );
    const { reader } = audited;
    expect(await reader.counts({ by: 'actor' })).toEqual({
      items: [
        { actor: { type: 'user', id: 'anna', label: 'Anna' }, changes: 4, revisions: 2 },
        { actor: { type: 'user', id: 'boris', label: 'BORIS' }, changes: 1, revisions: 1 },
      ],
      groups: 2,
      changes: 5,
      countedFrom: null,
    });
    expect((await reader.counts({ by: 'action' })).items).toEqual([
      { action: null, changes: 4, revisions: 2 },
      { action: 'item.rename', changes: 1, revisions: 1 },
    ]);
    expect((await reader.counts({ by: 'entityType', operation: 'create' })).items).toEqual([
      { entityType: 'Country', changes: 1, revisions: 1 },
      { entityType: 'Stock', changes: 1, revisions: 1 },
      { entityType: 'item', changes: 1, revisions: 1 },
    ]);
    expect(await reader.counts({ by: 'entity', limit: 1, entity: Item, id: [item] })).toMatchObject({
      items: [{ entityType: 'item', entityId: `${item}`, changes: 2, revisions: 2 }],
      groups: 1,
    });
    expect(await reader.counts({ by: 'entity', limit: 1 })).toMatchObject({ groups: 3, changes: 5 });
    expect((await reader.counts({ by: 'entity', entity: Item, property: 'price' })).changes).toBe(1);
    expect(await reader.counts({ by: 'actor', action: 'none' })).toMatchObject({ items: [], groups: 0 });
    audited.statements.take();
    await reader.counts({ by: 'actor' });
    expect(audited.statements.take()).toHaveLength(1);
  });

  it('are refused by what there is not', async () => {
    await expect(audited.reader.counts({ by: 'toString' as 'actor' })).rejects.toThrow(
      /AUDIT_INVALID_QUERY.*The by of the audit query is nothing.*actor, action, entityType, entity/,
    );
  });
});
