import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

/** Their numbers are the keys of others, so to take the one for the other would not fail, but be wrong. */
const Shelf = defineEntity({
  name: 'Shelf',
  properties: { id: p.integer().primary(), number: p.integer().unique(), name: p.string() },
});
const Volume = defineEntity({
  name: 'Volume',
  properties: {
    id: p.integer().primary(),
    title: p.string(),
    shelf: () => p.manyToOne(Shelf).targetKey('number').nullable().deleteRule('set null'),
    home: () => p.manyToOne(Shelf).targetKey('number').nullable().deleteRule('cascade'),
  },
});
const Sheet = defineEntity({
  name: 'Sheet',
  properties: {
    id: p.integer().primary(),
    volume: () => p.manyToOne(Volume).deleteRule('cascade'),
    base: () => p.manyToOne(Shelf).targetKey('number').nullable().deleteRule('no action'),
  },
});
const Reader = defineEntity({ name: 'Reader', properties: { id: p.integer().primary() } });
const Author = defineEntity({ name: 'Author', properties: { id: p.integer().primary() } });
const Remark = defineEntity({
  name: 'Remark',
  properties: { id: p.integer().primary(), about: () => p.manyToOne([Reader, Author]).nullable() },
});
const entities = [Shelf, Volume, Sheet, Reader, Author, Remark];

interface Labelled {
  readonly name?: string;
  readonly title?: string;
}

const app = useAuditedApp({
  entities,
  options: {
    policies: entities.map((entity) =>
      auditPolicy(entity as never, { label: ({ name, title }: Labelled) => name ?? title ?? null }),
    ),
  },
});

async function write(work: (em: EntityManager) => unknown): Promise<string> {
  const em = app.orm.em.fork() as EntityManager;
  await work(em);
  await em.flush();
  const [newest] = (await app.reader.revisions({ limit: 1 })).items;
  return newest?.id ?? '';
}

const rows = () =>
  app.orm.em.getConnection().execute(
    `select (select json_agg(t order by id) from shelf t) shelves, (select json_agg(t order by id) from volume t) volumes,
      (select json_agg(t order by id) from sheet t) sheets`,
  );

/** Shelf 1 has number 2, and shelf 2 number 1. */
const open = () =>
  write((em) => {
    const shelf = em.create(Shelf, { id: 1, number: 2, name: 'one' });
    const other = em.create(Shelf, { id: 2, number: 1, name: 'two' });
    const volume = em.create(Volume, { id: 1, title: 'a', shelf, home: other });
    em.create(Sheet, { id: 1, volume });
    em.create(Volume, { id: 2, title: 'b', shelf: other });
  });

describe('a reference by another value than the key', () => {
  it('comes back with the row that has it', async () => {
    await open();
    const before = await rows();
    await write(async (em) => em.remove(await em.findOneOrFail(Volume, 2, { populate: ['shelf', 'home'] })));
    await app.restorer.apply(await app.restorer.planUndelete(Volume, 2));
    expect(await rows()).toEqual(before);
    const revision = await write(async (em) =>
      em.remove(await em.findOneOrFail(Volume, 2, { populate: ['shelf', 'home'] })),
    );
    await app.restorer.apply(await app.restorer.planUndo(revision));
    expect(await rows()).toEqual(before);
  });

  it('goes back to what it led to in an earlier version', async () => {
    const revision = await open();
    const before = await rows();
    await write(async (em) => {
      const volume = await em.findOneOrFail(Volume, 1, { populate: ['shelf', 'home'] });
      volume.shelf = await em.findOneOrFail(Shelf, 2);
    });
    await app.restorer.apply(await app.restorer.plan(Volume, 1, { to: { revision } }));
    expect(await rows()).toEqual(before);
  });

  it('comes back with its target, and rows of others that the database has deleted or detached', async () => {
    await open();
    const before = await rows();
    const removal = await write(async (em) => em.remove(await em.find(Shelf, [1, 2])));
    expect(await rows()).not.toEqual(before);
    await app.restorer.apply(await app.restorer.planUndo(removal));
    expect(await rows()).toEqual(before);
  });

  it('is undeleted with what belongs to it, without what it shares a number with', async () => {
    await open();
    const before = await rows();
    await write(async (em) => em.remove(await em.findOneOrFail(Shelf, 2)));
    const plan = await app.restorer.planUndelete(Shelf, 2, { withChildren: true });
    expect(plan.steps.map(({ entityType, entityId }) => `${entityType} ${entityId}`).sort()).toEqual([
      'Sheet 1',
      'Shelf 2',
      'Volume 1',
      'Volume 2',
    ]);
    await app.restorer.apply(plan);
    expect(await rows()).toEqual(before);
  });

  it('is reported where nothing has the value any more, and becomes null only when that is accepted', async () => {
    await open();
    await write(async (em) => em.remove(await em.findOneOrFail(Volume, 2, { populate: ['shelf', 'home'] })));
    await write(async (em) => {
      (await em.findOneOrFail(Volume, 1, { populate: ['shelf', 'home'] })).home = null;
      await em.flush();
      (await em.findOneOrFail(Shelf, 2)).number = 3;
    });
    const plan = await app.restorer.planUndelete(Volume, 2);
    expect(plan.conflicts).toContainEqual(
      expect.objectContaining({
        kind: 'target-gone',
        path: 'shelf',
        targetType: 'Shelf',
        targetIds: ['1'],
        message: expect.stringContaining('Shelf with number 1,'),
      }),
    );
    expect(plan.blocked).toBe(true);
    await app.restorer.apply(await app.restorer.planUndelete(Volume, 2, { accept: ['target-gone'] }));
    expect(await app.orm.em.fork().findOneOrFail(Volume, 2, { populate: ['shelf', 'home'] })).toMatchObject({
      shelf: null,
    });
  });

  it('is among what stands in the way of a delete', async () => {
    const creation = await write((em) => em.create(Shelf, { id: 2, number: 1, name: 'two' }));
    await write((em) => {
      const shelf = em.create(Shelf, { id: 1, number: 2, name: 'one' });
      const volume = em.create(Volume, { id: 1, title: 'a', shelf });
      em.create(Sheet, { id: 1, volume, base: shelf });
    });
    expect((await app.restorer.planUndo(creation)).conflicts).not.toContainEqual(
      expect.objectContaining({ kind: 'still-referenced' }),
    );
    await write(async (em) => {
      const shelf = await em.findOneOrFail(Shelf, 2);
      const volume = await em.findOneOrFail(Volume, 1, { populate: ['shelf', 'home'] });
      const sheet = await em.findOneOrFail(Sheet, 1, { populate: ['base'] });
      volume.shelf = shelf;
      sheet.base = shelf;
    });
    const { conflicts } = await app.restorer.planUndo(creation);
    expect(
      conflicts.flatMap((one) =>
        one.kind === 'still-referenced' ? [[one.fromType, one.fromIds, one.effect]] : [],
      ),
    ).toEqual([
      ['Volume', ['1'], 'detached'],
      ['Sheet', ['1'], 'refused'],
    ]);
  });

  it('is not looked up as if it were a key, nor labelled as what has that key', async () => {
    const revision = await open();
    const found = await app.reader.revision(revision);
    const volume = found?.changes.find(({ entityType }) => entityType === 'Volume');
    expect(volume?.labels).toMatchObject({ own: 'a', targets: {} });
    const asOf = app.reader.asOf(Volume, 1, { revision }, { populate: ['shelf'] as never });
    await expect(asOf).rejects.toThrow('is a relation by "number" and not by a key');
  });
});

describe('a reference to entities of several classes', () => {
  it('is refused where that of its class is gone, also where another class has the id, or becomes null where asked for', async () => {
    await write((em) => {
      em.create(Remark, { id: 1, about: em.create(Reader, { id: 1 }) });
      em.create(Remark, { id: 2, about: em.create(Author, { id: 1 }) });
    });
    const remove = (entity: typeof Remark | typeof Reader, id: number) =>
      write(async (em) => em.remove(await em.findOneOrFail<object>(entity as never, id as never)));
    await remove(Remark, 1);
    await remove(Remark, 2);
    await remove(Reader, 1);
    const plan = await app.restorer.planUndelete(Remark, 1);
    expect(plan.blocked).toBe(true);
    expect(plan.conflicts).toContainEqual(
      expect.objectContaining({ kind: 'target-gone', targetType: 'Reader', targetIds: ['1'] }),
    );
    await app.restorer.apply(await app.restorer.planUndelete(Remark, 1, { accept: ['target-gone'] }));
    await app.restorer.apply(await app.restorer.planUndelete(Remark, 2));
    const remarks = await app.orm.em.fork().findAll(Remark, { orderBy: { id: 1 } });
    expect(remarks.map(({ about }) => about && [about.constructor.name, about.id])).toEqual([
      null,
      ['Author', 1],
    ]);
  });
});
