import { describe, expect, it } from '@jest/globals';
import { Box, Hook, Item, Shelf, ShelfLabel, Skill } from '../../support/fixtures/company.js';
import { trailOf } from '../../support/trail.js';
import { useSkills } from './use-skills.js';

const { app, lastChange } = useSkills();

describe('one-to-many', () => {
  it('children that are added, moved and removed change themselves', async () => {
    const [one, two] = [app.em.create(Shelf, { name: 'one' }), app.em.create(Shelf, { name: 'two' })];
    const label = app.em.create(ShelfLabel, { text: 'l', shelf: one });
    await app.em.flush();
    two.labels.add(label);
    await app.em.flush();
    expect(await lastChange(ShelfLabel, label.id)).toEqual({
      operation: 'update',
      before: { shelf: one.id },
      after: { shelf: two.id },
    });
  });

  it('orphan removal of loaded children', async () => {
    const shelf = app.em.create(Shelf, { name: 's' });
    const hooks = [1, 2].map((strength) => app.em.create(Hook, { strength, shelf })) as [Hook, Hook];
    await app.em.flush();
    shelf.hooks.remove(hooks[0]);
    await app.em.flush();
    expect(await lastChange(Hook, hooks[0].id)).toMatchObject({
      operation: 'delete',
      before: { strength: 1, shelf: shelf.id },
    });
  });

  it('orphan removal on a collection that is not loaded', async () => {
    const shelf = app.em.create(Shelf, { name: 's' });
    for (const strength of [1, 2, 3]) {
      app.em.create(Hook, { strength, shelf });
    }
    await app.em.flush();
    app.em.clear();
    const again = await app.em.findOneOrFail(Shelf, shelf.id);
    again.hooks.set([app.em.getReference(Hook, 2)]);
    await app.em.flush();
    expect((await trailOf(app)).slice(4)).toEqual([
      ['Hook', '1', 'delete'],
      ['Hook', '3', 'delete'],
    ]);
  });

  it('removeAll on a collection that is not loaded detaches the children', async () => {
    const shelf = app.em.create(Shelf, { name: 's' });
    for (const text of ['a', 'b']) {
      app.em.create(ShelfLabel, { text, shelf });
    }
    await app.em.flush();
    app.em.clear();
    const again = await app.em.findOneOrFail(Shelf, shelf.id);
    again.labels.removeAll();
    await app.em.flush();
    expect(await lastChange(ShelfLabel, 2)).toEqual({
      operation: 'update',
      before: { shelf: shelf.id },
      after: { shelf: null },
    });
  });
});

describe('effects of the database when a parent is deleted', () => {
  async function shelfWithContents() {
    const own = app.orm.em.fork();
    const shelf = own.create(Shelf, { name: 's' });
    const skill = own.create(Skill, { name: 'k' });
    const boxes = [own.create(Box, { shelf }), own.create(Box, { shelf })];
    boxes[0]?.needs.add(skill);
    for (const box of boxes) {
      own.create(Item, { name: 'i', box });
      own.create(Item, { name: 'j', box });
    }
    own.create(ShelfLabel, { text: 'l', shelf });
    await own.flush();
    return shelf.id;
  }

  it('deletes children and grandchildren, loses their links, and detaches others', async () => {
    const id = await shelfWithContents();
    app.em.remove(await app.em.findOneOrFail(Shelf, id));
    await app.em.flush();
    const rows = (await trailOf(app)).slice(9);
    expect(rows.sort().map(([type, , operation]) => `${operation} ${type}`)).toEqual([
      'delete Box',
      'delete Box',
      'delete Item',
      'delete Item',
      'delete Item',
      'delete Item',
      'delete Shelf',
      'update ShelfLabel',
    ]);
    expect(await lastChange(Box, 1)).toMatchObject({ operation: 'delete', before: { needs: [1] } });
  });

  it('the same when the parent is only a reference', async () => {
    const id = await shelfWithContents();
    app.em.remove(app.em.getReference(Shelf, id));
    await app.em.flush();
  });

  it('children that the flush itself deletes or moves are recorded once', async () => {
    const id = await shelfWithContents();
    const other = app.em.create(Shelf, { name: 'other' });
    const [first, second] = await app.em.find(Box, { shelf: id }, { orderBy: { id: 'asc' } });
    if (first && second) {
      first.shelf = other;
      app.em.remove(second);
    }
    app.em.remove(await app.em.findOneOrFail(Shelf, id));
    await app.em.flush();
  });
});
