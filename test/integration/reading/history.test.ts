import { describe, expect, it } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import { type Change, InvalidQueryError, NotAuditedError, type Page } from 'nestjs-mikro-audit';
import { Animal, Country, Device, Dog, Item, Stock, titlesOf, Unaudited, useItems } from './use-items.js';

const { audited, itemWithChanges } = useItems();

describe('pages of history', () => {
  it('come newest first, follow each other without gap or overlap, and end', async () => {
    const id = await itemWithChanges(6);
    const titles: unknown[] = [];
    const cursors: (string | null)[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Change> = await audited.reader.history(Item, id, { limit: 3, cursor });
      expect(page.items.length).toBeLessThanOrEqual(3);
      titles.push(...titlesOf(page));
      ({ nextCursor: cursor } = page);
      cursors.push(cursor);
    } while (cursor !== null);
    expect(titles).toEqual(['6', '5', '4', '3', '2', '1', '0']);
    expect(cursors).toHaveLength(3);
  });

  it('end exactly where the changes end', async () => {
    const id = await itemWithChanges(3);
    expect((await audited.reader.history(Item, id, { limit: 4 })).nextCursor).toBeNull();
    expect((await audited.reader.history(Item, id, { limit: 3 })).nextCursor).not.toBeNull();
  });

  it('stay as they are while new changes arrive', async () => {
    const id = await itemWithChanges(3);
    const first = await audited.reader.history(Item, id, { limit: 2 });
    const em = audited.orm.em.fork();
    (await em.findOneOrFail(Item, id)).title = 'new';
    await em.flush();
    const second = await audited.reader.history(Item, id, { limit: 2, cursor: first.nextCursor });
    expect([...titlesOf(first), ...titlesOf(second)]).toEqual(['3', '2', '1', '0']);
  });

  it('have 50 changes by default, and at most 500', async () => {
    audited.skipOracle();
    const em = audited.orm.em.fork();
    const item = em.create(Item, { title: 'x' });
    await em.flush();
    await audited.orm.em.getConnection().execute(
      `insert into audit_change (revision_id, recorded_at, actor_type, entity_type, entity_id, operation, before, after)
         select id, recorded_at, actor_type, entity_type, entity_id, 'update', '{"title":"a"}', '{"title":"b"}'
         from audit_change, generate_series(1, 600)`,
    );
    const count = async (limit?: number) =>
      (await audited.reader.history(Item, item.id, limit === undefined ? {} : { limit })).items.length;
    expect([await count(), await count(500), await count(1)]).toEqual([50, 500, 1]);
  });

  it.each([0, -1, 501, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '10' as unknown as number])(
    'refuse the limit %p',
    async (limit) => {
      const page = audited.reader.history(Item, 1n, { limit });
      await expect(page).rejects.toThrow(InvalidQueryError);
      await expect(page).rejects.toThrow(/AUDIT_INVALID_QUERY.*limit.*whole number from 1 to 500/);
    },
  );

  it.each([undefined, null, Number.NaN, new Date(Number.NaN), [], [undefined]])(
    'refuses the id %p, which no entity has, as every method does',
    async (id) => {
      const { reader, restorer } = audited;
      const key = id as unknown as bigint;
      const now = new Date();
      for (const ask of [
        () => reader.history(Item, key),
        () => reader.reads(Item, key),
        () => reader.changes({ entity: Item, id: [key] }),
        () => reader.changes({ partOf: { entity: Item, id: key } }),
        () => reader.asOf(Item, key, now),
        () => reader.eachAsOf(Item, [1n, key], now),
        () => reader.latest(Item, [1n, key]),
        () => reader.diff(Item, key, { from: now, to: now }),
        () => reader.blame(Item, key),
        () => restorer.plan(Item, key, { to: now }),
        () => restorer.planUndelete(Item, key),
      ]) {
        const answer = Promise.resolve().then<unknown>(ask);
        await expect(answer).rejects.toThrow(/AUDIT_INVALID_QUERY.*entity id.*which no entity has/);
      }
    },
  );

  it.each(['', 'x', '1', 'c', 'C1', 'c-1', 'c 1', 'czzzzzzzzzzzzz', `c${'1'.repeat(50)}`, "c1' or true --"])(
    'refuse the cursor %p, which the reader did not give out',
    async (cursor) => {
      const page = audited.reader.history(Item, 1n, { cursor });
      await expect(page).rejects.toThrow(InvalidQueryError);
      await expect(page).rejects.toThrow(/cursor.*Pass nextCursor of the page before, unchanged/);
    },
  );
});

it.each([
  ['two parts where the key has one', Item, [1n, 2n]],
  ['one part where the key has two', Stock, 7],
  ['three parts where the key has two', Stock, [7, 'de', 1]],
])('refuses an id with %s', async (_, entity, id) => {
  await expect(audited.reader.history(entity as typeof Item, id as never)).rejects.toThrow(
    /AUDIT_INVALID_QUERY.*entity id.*has \d parts?, but the key of \w+ has \d/,
  );
});

describe('the entity whose history is asked for', () => {
  it('is found by a bigint key given as bigint, number or string', async () => {
    const id = await itemWithChanges(0);
    for (const form of [id, Number(id), `${id}`]) {
      expect((await audited.reader.history(Item, form)).items).toHaveLength(1);
    }
  });

  it('is found by a bigint key beyond the numbers', async () => {
    const em = audited.orm.em.fork();
    const id = 9_223_372_036_854_775_807n;
    em.create(Item, { id, title: 'last' });
    await em.flush();
    const { items } = await audited.reader.history(Item, id);
    expect(items[0]).toMatchObject({ entityId: '9223372036854775807', after: { id } });
  });

  it('is found by a uuid in upper case, as the database finds it', async () => {
    const em = audited.orm.em.fork();
    const device = em.create(Device, { id: '0188ABCD-0000-7000-8000-000000000001', title: 'x' });
    await em.flush();
    for (const id of [
      device.id,
      '0188ABCD-0000-7000-8000-000000000001',
      '0188abcd-0000-7000-8000-000000000001',
    ]) {
      expect((await audited.reader.history(Device, id)).items).toHaveLength(1);
    }
  });

  it.each(['DE', '', 'a"b', '["DE"]', 'ü 💥', "'; drop table audit_change; --"])(
    'is found by the text key %p',
    async (code) => {
      const em = audited.orm.em.fork();
      em.create(Country, { code, title: 'x' });
      em.create(Country, { code: 'other', title: 'x' });
      await em.flush();
      const { items } = await audited.reader.history(Country, code);
      expect(items.map(({ after }) => after?.code)).toEqual([code]);
    },
  );

  it('is found by a composite key, in the order of the key', async () => {
    const em = audited.orm.em.fork();
    const item = em.create(Item, { title: 'x' });
    em.create(Stock, { item, country: em.create(Country, { code: 'DE', title: 'x' }), amount: 1 });
    await em.flush();
    const { items } = await audited.reader.history(Stock, [item.id, 'DE']);
    expect(items).toMatchObject([{ entityId: `["${item.id}","DE"]`, after: { amount: 1, country: 'DE' } }]);
    expect((await audited.reader.history(Stock, ['DE', item.id])).items).toEqual([]);
    expect((await audited.reader.history(Stock, `["${item.id}","DE"]`)).items).toHaveLength(1);
  });

  it('has an empty page when nothing is known of the id', async () => {
    const empty = { items: [], nextCursor: null };
    expect(await audited.reader.history(Item, 404)).toEqual(empty);
    expect(await audited.reader.history(Item, 'no number')).toEqual(empty);
    expect(await audited.reader.history(Device, 'no uuid')).toEqual(empty);
    expect(await audited.reader.history(Stock, [1, 'xx'])).toEqual(empty);
    expect(await audited.reader.history(Country, 'a\u0000b')).toEqual(empty);
    expect(await audited.reader.history(Country, 'a\ud800b')).toEqual(empty);
  });

  it('must be audited', async () => {
    class Stranger {}
    for (const entity of [Unaudited, Stranger]) {
      const page = audited.reader.history(entity as typeof Unaudited, 1);
      await expect(page).rejects.toThrow(NotAuditedError);
      await expect(page).rejects.toThrow(/AUDIT_NOT_AUDITED.*has no audit history.*Add @Audited\(\)/);
    }
  });

  it('may be given as the schema or as its class', async () => {
    const id = await itemWithChanges(0);
    expect(Item).toBeInstanceOf(EntitySchema);
    const ofSchema = await audited.reader.history(Item, id);
    const ofClass = await audited.reader.history(audited.orm.getMetadata().get(Item).class, id);
    expect(ofClass).toEqual(ofSchema);
  });

  it('has the changes of a subclass as its own, but not the other way round', async () => {
    const em = audited.orm.em.fork();
    const dog = em.create(Dog, { title: 'Rex', tricks: 3 });
    const animal = em.create(Animal, { kind: 'animal', title: 'Tom' });
    await em.flush();
    expect((await audited.reader.history(Dog, dog.id)).items).toHaveLength(1);
    const { items } = await audited.reader.history(Animal, dog.id);
    expect(items).toMatchObject([{ entityType: 'Dog', after: { title: 'Rex', tricks: 3 } }]);
    expect((await audited.reader.history(Animal, animal.id)).items).toHaveLength(1);
    expect((await audited.reader.history(Dog, animal.id)).items).toEqual([]);
  });
});
