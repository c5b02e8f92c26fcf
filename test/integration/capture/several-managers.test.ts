import { describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/core';
import { Person, Shelf, ShelfLabel, Skill } from '../../support/fixtures/company.js';
import { verbOf } from '../../support/statement-log.js';
import { useCompany } from './use-company.js';

const { app, lastChange } = useCompany();

/** Works in a transaction of its own, with entities of its own. */
function inside(work: (inner: EntityManager) => Promise<void>): Promise<void> {
  return app.em.transactional(work, { clear: true });
}

async function shelvesWithLabel() {
  const own = app.orm.em.fork();
  const [shelf, other] = ['s', 'other'].map((name) => own.create(Shelf, { name })) as [Shelf, Shelf];
  const label = own.create(ShelfLabel, { text: 'x', shelf });
  await own.flush();
  return { shelf: shelf.id, other: other.id, label: label.id };
}

async function personWithSkills() {
  const own = app.orm.em.fork();
  const skills = ['k1', 'k2', 'k3'].map((name) => own.create(Skill, { name }));
  const person = own.create(Person, { name: 'a', skills });
  await own.flush();
  const [first = 0, second = 0, third = 0] = skills.map(({ id }) => id);
  return { person: person.id, first, second, third };
}

/** MikroORM hands to the outer EntityManager what the inner one has loaded, and nothing else. */
describe('what an outer EntityManager has loaded is not believed after a transaction inside', () => {
  it('has deleted the row that it refers to, which sets the foreign key to null', async () => {
    const { shelf, other, label } = await shelvesWithLabel();
    const loaded = await app.em.findOneOrFail(ShelfLabel, label);
    await inside(async (inner) => {
      inner.remove(await inner.findOneOrFail(Shelf, shelf));
    });
    loaded.shelf = app.em.getReference(Shelf, other) as never;
    await app.em.flush();
    expect(await lastChange(ShelfLabel, label)).toMatchObject({ before: { shelf: null } });
  });

  it('has emptied a collection without loading it', async () => {
    const { shelf, other, label } = await shelvesWithLabel();
    const loaded = await app.em.findOneOrFail(ShelfLabel, label);
    await inside(async (inner) => {
      const { labels } = await inner.findOneOrFail(Shelf, shelf);
      labels.removeAll();
    });
    loaded.shelf = app.em.getReference(Shelf, other) as never;
    await app.em.flush();
    expect(await lastChange(ShelfLabel, label)).toMatchObject({ before: { shelf: null } });
  });

  it('has changed the row by a reference', async () => {
    const { label } = await shelvesWithLabel();
    const loaded = await app.em.findOneOrFail(ShelfLabel, label);
    await inside(async (inner) => {
      inner.getReference(ShelfLabel, label).text = 'inside';
    });
    loaded.text = 'outside';
    await app.em.flush();
    expect(await lastChange(ShelfLabel, label)).toMatchObject({ before: { text: 'inside' } });
  });

  it('has deleted a member of a loaded collection', async () => {
    const { person, first, second, third } = await personWithSkills();
    const loaded = await app.em.findOneOrFail(Person, person, { populate: ['skills'] });
    await inside(async (inner) => {
      inner.remove(inner.getReference(Skill, first));
    });
    loaded.skills.set([app.em.getReference(Skill, second)]);
    await app.em.flush();
    expect(await lastChange(Person, person)).toMatchObject({ before: { skills: [third] } });
  });

  it('has removed a link of a loaded collection', async () => {
    const { person, first, second, third } = await personWithSkills();
    const loaded = await app.em.findOneOrFail(Person, person, { populate: ['skills'] });
    await inside(async (inner) => {
      const { skills } = await inner.findOneOrFail(Person, person, { populate: ['skills'] });
      skills.remove(inner.getReference(Skill, first));
    });
    loaded.skills.set([app.em.getReference(Skill, second)]);
    await app.em.flush();
    expect(await lastChange(Person, person)).toMatchObject({ before: { skills: [third] } });
  });

  it('has done nothing to it, which costs no read', async () => {
    const { shelf, other, label } = await shelvesWithLabel();
    const loaded = await app.em.findOneOrFail(ShelfLabel, label);
    await inside(async (inner) => {
      inner.remove(inner.getReference(Shelf, other));
    });
    app.statements.take();
    loaded.text = 'y';
    await app.em.flush();
    expect(app.statements.take().map(verbOf)).toEqual(['begin', 'update', 'audit', 'commit']);
    expect(await lastChange(ShelfLabel, label)).toMatchObject({ before: { text: 'x' } });
    expect(loaded.shelf?.id).toBe(shelf);
  });
});

describe('a row that two objects of other EntityManagers stand for', () => {
  it('is deleted once', async () => {
    const { shelf, label } = await shelvesWithLabel();
    for (const [entity, id] of [
      [ShelfLabel, label],
      [Shelf, shelf],
    ] as const) {
      for (const _ of ['one', 'other']) {
        app.em.remove(await app.orm.em.fork().findOneOrFail<object>(entity, id as never));
      }
    }
    await app.em.flush();
    const { items } = await app.reader.changes({ entity: [Shelf, ShelfLabel], operation: 'delete' });
    expect(items).toHaveLength(2);
  });
});
