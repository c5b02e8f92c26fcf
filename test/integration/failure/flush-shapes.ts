import { defineEntity, p } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';

export const Place = defineEntity({
  name: 'Place',
  properties: { code: p.string().primary(), name: p.string() },
});
export const Tag = defineEntity({
  name: 'Tag',
  properties: { id: p.integer().primary(), name: p.string().unique() },
});
export const Parent = defineEntity({
  name: 'Parent',
  properties: {
    id: p.integer().primary(),
    name: p.string(),
    place: () => p.manyToOne(Place).nullable().updateRule('cascade').deleteRule('set null'),
    tags: () => p.manyToMany(Tag),
  },
});
export const Child = defineEntity({
  name: 'Child',
  properties: {
    id: p.integer().primary(),
    note: p.string(),
    parent: () => p.manyToOne(Parent).deleteRule('cascade'),
  },
});

export const shapeEntities = [Place, Tag, Parent, Child];

/** The rows that every work finds. */
export async function createShapeRows(em: EntityManager): Promise<void> {
  const place = em.create(Place, { code: 'a', name: 'A' });
  const tags = [1, 2, 3].map((id) => em.create(Tag, { id, name: `t${id}` }));
  const parents = [1, 2, 3].map((id) => em.create(Parent, { id, name: `p${id}`, place }));
  em.create(Child, { id: 1, note: 'c1', parent: parents[0] as never });
  em.create(Child, { id: 2, note: 'c2', parent: parents[0] as never });
  parents[0]?.tags.add(tags.slice(0, 2));
  await em.flush();
}

/** A kind of flush. It returns the work that writes, and fails. */
export interface FlushShape {
  readonly title: string;
  /** True for work that goes on after the failure of a part of it. */
  readonly isTolerant?: boolean;
  readonly load: (em: EntityManager) => Promise<() => Promise<unknown>>;
}

const inserting = async (em: EntityManager): Promise<void> => {
  em.create(Child, { id: 3, note: 'c3', parent: em.getReference(Parent, 1) });
};

export const FLUSH_SHAPES: readonly FlushShape[] = [
  {
    title: 'an insert',
    load: async (em) => {
      await inserting(em);
      return () => em.flush();
    },
  },
  {
    title: 'an update',
    load: async (em) => {
      const parent = await em.findOneOrFail(Parent, 1);
      parent.name = 'q1';
      return () => em.flush();
    },
  },
  {
    title: 'an update by reference',
    load: async (em) => {
      em.getReference(Parent, 1).name = 'q1';
      return () => em.flush();
    },
  },
  {
    title: 'a delete',
    load: async (em) => {
      em.remove(await em.findOneOrFail(Child, 1));
      return () => em.flush();
    },
  },
  {
    title: 'inserts, updates and deletes at once',
    load: async (em) => {
      const child = await em.findOneOrFail(Child, 2);
      const [first, second] = await em.find(Parent, [1, 2], { orderBy: { id: 1 } });
      Object.assign(first ?? {}, { name: 'q1' });
      Object.assign(second ?? {}, { name: 'q2' });
      em.create(Tag, { id: 4, name: 't4' });
      await inserting(em);
      em.create(Parent, { id: 4, name: 'p4' });
      em.remove(child);
      return () => em.flush();
    },
  },
  {
    title: 'links of a loaded collection',
    load: async (em) => {
      const { tags } = await em.findOneOrFail(Parent, 1, { populate: ['tags'] });
      tags.remove(em.getReference(Tag, 1));
      tags.add(em.getReference(Tag, 3));
      return () => em.flush();
    },
  },
  {
    title: 'links of a collection that is not loaded',
    load: async (em) => {
      const { tags } = await em.findOneOrFail(Parent, 1);
      tags.set([em.getReference(Tag, 3)]);
      return () => em.flush();
    },
  },
  {
    title: 'another key',
    load: async (em) => {
      const place = await em.findOneOrFail(Place, 'a');
      place.code = 'b';
      return () => em.flush();
    },
  },
  {
    title: 'a delete with foreign key rules',
    load: async (em) => {
      const [parent, place] = [await em.findOneOrFail(Parent, 1), await em.findOneOrFail(Place, 'a')];
      em.remove(parent);
      em.remove(place);
      return () => em.flush();
    },
  },
  {
    title: 'a transaction of several flushes',
    load: async (em) => () =>
      em.transactional(async (inner) => {
        await inserting(inner);
        await inner.flush();
        inner.getReference(Parent, 2).name = 'q2';
      }),
  },
  {
    title: 'a transaction by hand',
    load: async (em) => async () => {
      await em.begin();
      try {
        await inserting(em);
        await em.commit();
      } catch (error) {
        await em.rollback().catch(() => undefined);
        throw error;
      }
    },
  },
  {
    title: 'a nested transaction',
    load: async (em) => () =>
      em.transactional(async (outer) => {
        (await outer.findOneOrFail(Parent, 1)).name = 'q1';
        await outer.transactional(inserting);
        outer.create(Tag, { id: 4, name: 't4' });
      }),
  },
  {
    title: 'a nested transaction whose failure is caught',
    isTolerant: true,
    load: async (em) => () =>
      em.transactional(async (outer) => {
        outer.getReference(Parent, 1).name = 'q1';
        await outer.flush();
        await outer.transactional(inserting).catch(() => undefined);
        outer.create(Tag, { id: 4, name: 't4' });
      }),
  },
];
