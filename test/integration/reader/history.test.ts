import { describe, expect, it } from '@jest/globals';
import { defineEntity, EntitySchema, p } from '@mikro-orm/core';
import {
  auditPolicy,
  type Change,
  EntityLink,
  InvalidQueryError,
  NotAuditedError,
  type Page,
} from 'nestjs-mikro-audit';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Item = defineEntity({
  name: 'Item',
  properties: {
    id: p.bigint().primary(),
    title: p.string(),
    price: p.decimal('string').precision(20).scale(4).nullable(),
    total: p.bigint().nullable(),
    at: p.datetime().nullable(),
    bytes: p.blob().nullable(),
    flags: p.array().columnType('text[]').nullable(),
    data: p.json<object>().nullable(),
  },
});
const Device = defineEntity({ name: 'Device', properties: { id: p.uuid().primary(), title: p.string() } });
const Country = defineEntity({
  name: 'Country',
  properties: { code: p.string().primary(), title: p.string() },
});
const Stock = defineEntity({
  name: 'Stock',
  properties: {
    item: () => p.manyToOne(Item).primary(),
    country: () => p.manyToOne(Country).primary(),
    amount: p.integer(),
  },
});
const Animal = defineEntity({
  name: 'Animal',
  discriminatorColumn: 'kind',
  discriminatorValue: 'animal',
  properties: { id: p.integer().primary(), kind: p.string(), title: p.string() },
});
const Dog = defineEntity({
  name: 'Dog',
  extends: Animal,
  discriminatorValue: 'dog',
  properties: { tricks: p.integer().nullable() },
});
const Unaudited = defineEntity({ name: 'Unaudited', properties: { id: p.integer().primary() } });

const audited = useAuditedApp({
  entities: [Item, Device, Country, Stock, Animal, Dog, Unaudited],
  options: {
    policies: [
      auditPolicy(Item, { name: 'item' }),
      auditPolicy(Device),
      auditPolicy(Country),
      auditPolicy(Stock),
      auditPolicy(Animal),
      auditPolicy(Dog),
    ],
  },
  poolMax: 1,
});

/** An item whose title was changed so many times. */
async function itemWithChanges(changes: number): Promise<bigint> {
  const em = audited.orm.em.fork();
  const item = em.create(Item, { title: '0' });
  await em.flush();
  for (let change = 1; change <= changes; change++) {
    item.title = `${change}`;
    await em.flush();
  }
  return BigInt(item.id);
}

const titlesOf = (page: { items: readonly { after: Readonly<Record<string, unknown>> | null }[] }) =>
  page.items.map(({ after }) => after?.title);

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
         select revision_id, recorded_at, actor_type, entity_type, entity_id, 'update', '{"title":"a"}', '{"title":"b"}'
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

  it.each(['', 'x', '1', 'c', 'C1', 'c-1', 'c 1', 'czzzzzzzzzzzzz', `c${'1'.repeat(50)}`, "c1' or true --"])(
    'refuse the cursor %p, which the reader did not give out',
    async (cursor) => {
      const page = audited.reader.history(Item, 1n, { cursor });
      await expect(page).rejects.toThrow(InvalidQueryError);
      await expect(page).rejects.toThrow(/cursor.*Pass nextCursor of the page before, unchanged/);
    },
  );
});

describe('the entity whose history is asked for', () => {
  it('is found by a bigint key in whatever form it is at hand', async () => {
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
    expect(await audited.reader.history(Stock, [1])).toEqual(empty);
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

describe('the values of a change', () => {
  it('come as the entity has them', async () => {
    const em = audited.orm.em.fork();
    const values = {
      title: 'x',
      price: '12345678901234.5000',
      total: 2n ** 62n,
      at: new Date('2024-02-29T12:00:00.123Z'),
      bytes: Buffer.from([0, 255, 10]),
      flags: ['a', 'b,c'],
      data: { list: [1, null, { deep: true }] },
    };
    const item = em.create(Item, values);
    await em.flush();
    const { items } = await audited.reader.history(Item, item.id);
    expect(items[0]?.after).toEqual({ id: BigInt(item.id), ...values });
    expect(items[0]?.after?.bytes).toBeInstanceOf(Uint8Array);
  });

  it('come property by property, too', async () => {
    const em = audited.orm.em.fork();
    const item = em.create(Item, { title: 'x', price: '1.5' });
    await em.flush();
    em.assign(item, { title: 'y', price: null });
    await em.flush();
    em.remove(item);
    await em.flush();
    const { items } = await audited.reader.history(Item, 1n);
    expect(items.map(({ operation }) => operation)).toEqual(['delete', 'update', 'create']);
    expect(items[1]?.fields).toHaveLength(2);
    expect(items[1]?.fields).toEqual(
      expect.arrayContaining([
        { path: 'title', before: 'x', after: 'y' },
        { path: 'price', before: '1.5000', after: null },
      ]),
    );
    expect(items[2]?.fields.every(({ before }) => before === undefined)).toBe(true);
    expect(items[0]?.fields.every(({ after }) => after === undefined)).toBe(true);
    expect([items[2]?.before, items[0]?.after]).toEqual([null, null]);
  });

  it('are plain data, of which nothing is managed', async () => {
    const em = audited.orm.em.fork();
    const item = em.create(Item, { title: 'x' });
    em.create(Stock, { item, country: em.create(Country, { code: 'DE', title: 'x' }), amount: 1 });
    await em.flush();
    const reading = audited.orm.em.fork();
    const page = await audited.reader.history(Stock, [item.id, 'DE']);
    expect(reading.getUnitOfWork().getIdentityMap().keys()).toEqual([]);
    expect(Object.getPrototypeOf(page.items[0]?.after)).toBe(Object.prototype);
    expect(page.items[0]?.after?.item).not.toBeInstanceOf(EntityLink);
    expect(structuredClone(page)).toEqual(page);
  });

  it('of a property or class that is gone, or of a hand-made row, can still be read', async () => {
    audited.skipOracle();
    const id = await itemWithChanges(0);
    await audited.orm.em
      .getConnection()
      .execute(
        `update audit_change set after = '{"gone":"x","at":"not a date","bytes":7,"total":"many","flags":{"$odd":1}}'`,
      );
    const { items } = await audited.reader.history(Item, id);
    expect(items[0]?.after).toMatchObject({ gone: 'x', at: 'not a date' });
  });
});

describe('a revision', () => {
  it('has everything that happened together, in order, with its context', async () => {
    const em = audited.orm.em.fork();
    await audited.context.run({ actor: { type: 'user', id: 'anna', label: null }, reason: 'move' }, () =>
      em.transactional(async (inner) => {
        const country = inner.create(Country, { code: 'DE', title: 'x' });
        await inner.flush();
        const item = inner.create(Item, { title: 'x' });
        await inner.flush();
        inner.create(Stock, { item, country, amount: 1 });
      }),
    );
    const { items } = await audited.reader.history(Country, 'DE', { details: true });
    const id = items[0]?.revision.id ?? '';
    const revision = await audited.reader.revision(id);
    expect(revision).toMatchObject({ id, actor: { id: 'anna' }, reason: 'move' });
    expect(revision?.recordedAt).toBeInstanceOf(Date);
    expect(revision?.transactionId).toMatch(/^\d+$/);
    expect(revision?.changes.map(({ entityType }) => entityType)).toEqual(['Country', 'item', 'Stock']);
    expect(revision?.changes[1]?.after).toMatchObject({ title: 'x', id: 1n });
    expect(revision?.changes[0]).not.toHaveProperty('revisionId');
    const { changes: _changes, ...header } = revision ?? { changes: [] };
    expect(items[0]?.revision).toEqual(header);
    const some = await audited.reader.revision(id, { limit: 2 });
    expect(some?.changes).toEqual(revision?.changes.slice(0, 2));
    const query = { revisionId: id, order: 'oldest', limit: 2 } as const;
    const first = await audited.reader.changes(query);
    const second = await audited.reader.changes({ ...query, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map((change) => change.id)).toEqual(
      revision?.changes.map((change) => change.id),
    );
    expect(second.nextCursor).toBeNull();
    expect((await audited.reader.revisions({ revisionId: id })).items).toHaveLength(1);
    await expect(audited.reader.changes({ revisionId: 'x' })).rejects.toThrow(InvalidQueryError);
    await expect(audited.reader.revision(id, { limit: 0 })).rejects.toThrow(InvalidQueryError);
  });

  it('is null when there is none', async () => {
    expect(await audited.reader.revision('404')).toBeNull();
    expect(await audited.reader.revision('9223372036854775807')).toBeNull();
  });

  it.each(['', 'x', '-1', '1.0', ' 1', '1e3', '9223372036854775808', '1'.repeat(30), "1' or true"])(
    'is refused for the id %p',
    async (id) => {
      const revision = audited.reader.revision(id);
      await expect(revision).rejects.toThrow(InvalidQueryError);
      await expect(revision).rejects.toThrow(/revision id.*decimal number/);
    },
  );
});

describe('reading in a transaction', () => {
  it('uses its connection, so that a pool of one does not wait for itself', async () => {
    const id = await itemWithChanges(1);
    const titles = await audited.orm.em.transactional(async (em) => {
      await em.findOneOrFail(Item, id);
      const page = await audited.reader.history(Item, id);
      await audited.reader.revision(page.items[0]?.revision.id ?? '');
      return titlesOf(page);
    });
    expect(titles).toEqual(['1', '0']);
  });

  it('does not see what the transaction has not written yet, and leaves no trace', async () => {
    const id = await itemWithChanges(0);
    await audited.orm.em.transactional(async (em) => {
      (await em.findOneOrFail(Item, id)).title = 'pending';
      await em.flush();
      expect((await audited.reader.history(Item, id)).items).toHaveLength(1);
    });
    expect(await trailOf(audited)).toHaveLength(2);
  });
});
