import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

const CountrySchema = defineEntity({
  name: 'Country',
  properties: {
    code: p.string().primary(),
    name: p.string(),
    cities: () => p.oneToMany(City).mappedBy('country'),
  },
});
class Country extends CountrySchema.class {}
CountrySchema.setClass(Country);

const CitySchema = defineEntity({
  name: 'City',
  properties: { code: p.string().primary(), country: () => p.manyToOne(Country) },
});
class City extends CitySchema.class {}
CitySchema.setClass(City);

const audited = useAuditedApp({
  entities: [Country, City],
  options: { policies: [auditPolicy(Country), auditPolicy(City)] },
  clear: false,
});

it('the history of an entity whose key has changed goes on under the keys before', async () => {
  const em = audited.orm.em.fork();
  const country = em.create(Country, { code: 'a', name: 'A' });
  await em.flush();
  for (const code of ['b', 'c']) {
    country.code = code;
    await em.flush();
    country.name += code;
    await em.flush();
  }
  const story = async (key: string, limit: number) => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof next>> = await next(key, limit, cursor);
      seen.push(...page.items.map((change) => `${change.operation} ${change.entityId} ${change.renamedTo}`));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return seen;
  };
  const next = (key: string, limit: number, cursor: string | null) =>
    audited.reader.history(Country, key, { limit, cursor });
  const whole = ['update c null', 'update b c', 'update b null', 'update a b', 'create a null'];
  expect(await story('c', 50)).toEqual(whole);
  expect(await story('c', 2)).toEqual(whole);
  expect(await story('b', 50)).toEqual(whole.slice(1));
  expect(await story('a', 1)).toEqual(whole.slice(3));
  const ofName = async (order: 'newest' | 'oldest', limit: number) => {
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof next>> = await audited.reader.history(Country, 'c', {
        property: 'name',
        order,
        limit,
        cursor,
      });
      seen.push(...page.items.map(({ after }) => after?.name));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return seen;
  };
  for (const limit of [1, 2, 50]) {
    expect(await ofName('oldest', limit)).toEqual(['A', 'Ab', 'Abc']);
    expect(await ofName('newest', limit)).toEqual(['Abc', 'Ab', 'A']);
  }
  const { items, nextCursor } = await audited.reader.history(Country, 'c', { order: 'oldest', limit: 4 });
  expect(items.map(({ operation, entityId }) => `${operation} ${entityId}`)).toEqual(
    whole
      .map((line) => line.replace(/ \w+$/, ''))
      .toReversed()
      .slice(0, 4),
  );
  await expect(audited.reader.history(Country, 'c', { cursor: nextCursor })).rejects.toThrow(
    'belongs to another query',
  );
  await expect(audited.reader.history(Country, 'c', { property: 'names' as 'name' })).rejects.toThrow(
    'whose values the trail does not hold',
  );
});

describe('an entity whose key has changed', () => {
  /** The revisions that a country had, from the creation on, through the keys a, b and c. */
  async function movedCountry(): Promise<readonly { revision: string }[]> {
    const em = audited.orm.em.fork();
    await em.nativeDelete(City, {});
    await em.nativeDelete(Country, {});
    await audited.oracle.clear();
    const country = em.create(Country, { code: 'a', name: 'A' });
    await em.flush();
    for (const values of [{ code: 'b' }, { name: 'B' }, { code: 'c', name: 'C' }]) {
      em.assign(country, values);
      await em.flush();
    }
    const { items } = await audited.reader.history(Country, 'c');
    return items.map(({ revision }) => ({ revision: revision.id })).toReversed();
  }
  const at = (key: string, point: { revision: string } | Date) => audited.reader.asOf(Country, key, point);

  it('has its former states under its former keys, and its present one only under its present key', async () => {
    const [first, second, third, fourth] = await movedCountry();
    const states = [
      { code: 'a', name: 'A' },
      { code: 'b', name: 'A' },
      { code: 'b', name: 'B' },
      { code: 'c', name: 'C' },
    ];
    const points = [first, second, third, fourth].map((point) => point ?? new Date());
    expect(await Promise.all(points.map((point) => at('c', point)))).toEqual(states);
    expect(await Promise.all(points.map((point) => at('a', point)))).toEqual([states[0], null, null, null]);
    expect(await Promise.all(points.map((point) => at('b', point)))).toEqual([...states.slice(0, 3), null]);
    expect(await at('c', new Date(0))).toBeNull();
    const found = points.map(async (point) => (await audited.reader.findAsOf(Country, {}, point)).items);
    expect(await Promise.all(found)).toEqual(states.map((state) => [state]));
  });

  it('has differences and blame over the change of the key', async () => {
    const [first, second, , fourth] = await movedCountry();
    const difference = await audited.reader.diff(Country, 'c', { from: first ?? new Date(), to: new Date() });
    expect(difference).toEqual([
      { path: 'code', before: 'a', after: 'c' },
      { path: 'name', before: 'A', after: 'C' },
    ]);
    const blame = await audited.reader.blame(Country, 'c');
    expect(blame?.map(({ path, revision }) => [path, revision?.id])).toEqual([
      ['code', fourth?.revision],
      ['name', fourth?.revision],
    ]);
    const em = audited.orm.em.fork();
    em.assign(await em.findOneOrFail(Country, 'c'), { name: 'D' });
    await em.flush();
    const restored = await audited.restorer.plan(Country, 'c', { to: second ?? new Date() });
    expect(restored.conflicts).toMatchObject([
      { kind: 'key-changed', severity: 'notice' },
      { kind: 'changed-since', severity: 'notice' },
    ]);
    await audited.restorer.apply(restored);
    expect(await at('c', new Date())).toEqual({ code: 'c', name: 'A' });
    const whole = await audited.restorer.plan(Country, 'c', {
      to: second ?? new Date(),
      withChildren: true,
    });
    expect(whole.blocked).toBe(true);
    expect(whole.conflicts[0]).toMatchObject({ kind: 'key-changed', severity: 'blocking' });
  });

  it('is found by values from the time of its former keys, and by the entities it refers to', async () => {
    const points = await movedCountry();
    const em = audited.orm.em.fork();
    const city = em.create(City, { code: 'x', country: em.getReference(Country, 'c') });
    await em.flush();
    city.code = 'y';
    await em.flush();
    expect((await audited.reader.findAsOf(Country, { name: 'A' }, points[1] ?? new Date())).items).toEqual([
      { code: 'b', name: 'A' },
    ]);
    expect((await audited.reader.findAsOf(Country, { name: 'C' }, new Date())).items).toHaveLength(1);
    expect(await audited.reader.asOf(Country, 'c', new Date(), { populate: ['cities'] })).toMatchObject({
      cities: [{ code: 'y', country: 'c' }],
    });
    expect((await audited.reader.findAsOf(City, { country: 'c' }, new Date())).items).toEqual([
      { code: 'y', country: 'c' },
    ]);
  });

  it('is not confused with another entity that had the same key earlier', async () => {
    await movedCountry();
    const em = audited.orm.em.fork();
    const other = em.create(Country, { code: 'a', name: 'new' });
    await em.flush();
    em.remove(await em.findOneOrFail(Country, 'c'));
    await em.flush();
    other.code = 'c';
    await em.flush();
    other.name = 'newer';
    await em.flush();
    expect(await at('c', new Date())).toEqual({ code: 'c', name: 'newer' });
    expect(await at('a', new Date())).toBeNull();
    other.code = 'a';
    await em.flush();
    expect([await at('a', new Date()), await at('c', new Date())]).toEqual([
      { code: 'a', name: 'newer' },
      null,
    ]);
  });
});
