import { describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { PostgreSqlDriver, type EntityManager as SqlEntityManager } from '@mikro-orm/postgresql';
import { Audited, AuditPostgreSqlDriver } from 'nestjs-mikro-audit';
import { writeTrail } from '../../support/fixtures/hand-written-trail.js';
import { Customer, Order, SHOP_HASH_KEY, shop, shopOracle, Tag } from '../../support/fixtures/shop.js';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

describe.each([
  ['the driver of MikroORM', PostgreSqlDriver],
  ['the driver of this library', AuditPostgreSqlDriver],
])('with %s, a statement that finds its row gone', (_, driver) => {
  const audited = useAuditedApp({
    entities: shop,
    options: { hashKey: SHOP_HASH_KEY },
    oracle: shopOracle,
    orm: { driver },
  });
  const fork = () => audited.orm.em.fork();

  /** Tags that were loaded before another transaction deleted the first of them. */
  const loaded = async (em: EntityManager) => {
    const first = fork();
    const ids = ['a', 'b', 'c'].map((name) => first.create(Tag, { name }));
    await first.flush();
    const tags = await em.find(Tag, {}, { orderBy: { id: 'asc' } });
    const other = fork();
    other.remove(await other.findOneOrFail(Tag, ids[0]?.id ?? 0));
    await other.flush();
    const written = (await trailOf(audited)).length;
    const since = async () => (await trailOf(audited)).slice(written);
    return { tags, since };
  };

  it('leaves no change of an update', async () => {
    const em = fork();
    const { tags, since } = await loaded(em);
    (tags[0] as Tag).name = 'late';
    await em.flush();
    expect(await since()).toEqual([]);
  });

  it('leaves no change of a delete', async () => {
    const em = fork();
    const { tags, since } = await loaded(em);
    em.remove(tags[0] as Tag);
    await em.flush();
    expect(await since()).toEqual([]);
  });

  it('leaves only the changes of the other rows', async () => {
    const em = fork();
    const { tags, since } = await loaded(em);
    for (const tag of tags) {
      tag.name = 'late';
    }
    await em.flush();
    em.remove(tags);
    await em.flush();
    expect(await since()).toEqual([
      ['tag', String(tags[1]?.id), 'update'],
      ['tag', String(tags[2]?.id), 'update'],
      ['tag', String(tags[1]?.id), 'delete'],
      ['tag', String(tags[2]?.id), 'delete'],
    ]);
  });

  it('leaves no change when it ran in a savepoint', async () => {
    await fork().transactional(async (outer) => {
      const { tags, since } = await loaded(outer);
      await outer.transactional(async (inner) => {
        (await inner.findOneOrFail(Tag, tags[1]?.id ?? 0)).name = 'inner';
      });
      (tags[0] as Tag).name = 'late';
      await outer.flush();
      expect(await since()).toEqual([]);
    });
    expect((await trailOf(audited)).slice(4)).toEqual([['tag', expect.any(String), 'update']]);
  });

  it('leaves no change of links that have gone with their owner', async () => {
    const first = fork();
    const customer = first.create(Customer, { name: 'Acme' });
    const tag = first.create(Tag, { name: 'a' });
    const order = first.create(Order, { title: 'x', price: '1.00', customer, tags: [tag] } as never);
    await first.flush();
    const em = fork();
    const stale = await em.findOneOrFail(Order, order.id, { populate: ['tags'] });
    const other = fork();
    other.remove(await other.findOneOrFail(Order, order.id, { populate: ['tags', 'lines'] as never }));
    await other.flush();
    const written = (await trailOf(audited)).length;
    stale.tags.removeAll();
    await em.flush();
    expect((await trailOf(audited)).slice(written)).toEqual([]);
  });

  it('leaves no change of links whose owner another process has deleted', async () => {
    const first = fork();
    const customer = first.create(Customer, { name: 'Acme' });
    const tag = first.create(Tag, { name: 'a' });
    const order = first.create(Order, { title: 'x', price: '1.00', customer, tags: [tag] } as never);
    await first.flush();
    const em = fork();
    const stale = await em.findOneOrFail(Order, order.id, { populate: ['tags'] });
    // As another process would: nothing in this one has seen it.
    audited.skipOracle();
    await fork().transactional(async (other) => {
      await (other as SqlEntityManager).execute('delete from "orders" where id = ?', [order.id]);
      await writeTrail(other as SqlEntityManager, [
        ['order', String(order.id), 'delete', { id: order.id }, null],
      ]);
    });
    const written = (await trailOf(audited)).length;
    stale.tags.removeAll();
    await em.flush();
    expect((await trailOf(audited)).slice(written)).toEqual([]);
  });

  it('is told from one that finds a row which something unaudited has put back', async () => {
    const em = fork();
    const { tags, since } = await loaded(em);
    const id = tags[0]?.id ?? 0;
    audited.skipOracle();
    await fork().insert(Tag, { id, name: 'again' });
    (tags[0] as Tag).name = 'changed';
    audited.statements.take();
    await em.flush();
    expect(await since()).toEqual([['tag', String(id), 'update']]);
  });
});

/** Nothing depends on it, so what is known of it is believed. */
@Audited()
@Entity()
class Note {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'text' })
  text!: string;
}

describe.each([
  ['the driver of MikroORM', PostgreSqlDriver],
  ['the driver of this library', AuditPostgreSqlDriver],
])('with %s, an entity whose update has found its row gone', (_, driver) => {
  const audited = useAuditedApp({ entities: [Note], orm: { driver } });

  const gone = async (em: EntityManager) => {
    const first = audited.orm.em.fork();
    const { id } = first.create(Note, { id: 1, text: 'a' });
    await first.flush();
    const note = await em.findOneOrFail(Note, id);
    const other = audited.orm.em.fork();
    other.remove(await other.findOneOrFail(Note, id));
    await other.flush();
    note.text = 'late';
    await em.flush();
    return note;
  };
  const operations = async () => (await trailOf(audited)).map(([, , operation]) => operation);

  it('leaves no change when it is removed in a later flush', async () => {
    const em = audited.orm.em.fork();
    em.remove(await gone(em));
    await em.flush();
    expect(await operations()).toEqual(['create', 'delete']);
  });

  it('leaves no change when it is removed after the transaction of the update', async () => {
    const em = audited.orm.em.fork();
    const note = await em.transactional((inner) => gone(inner));
    em.remove(note);
    await em.flush();
    expect(await operations()).toEqual(['create', 'delete']);
  });
});
