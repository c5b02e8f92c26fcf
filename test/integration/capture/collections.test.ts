import { describe, expect, it } from '@jest/globals';
import {
  Account,
  Box,
  companyEntities,
  Hook,
  Item,
  Person,
  Playlist,
  Shelf,
  ShelfLabel,
  Skill,
  Song,
} from '../../support/fixtures/company.js';
import { companyOracle } from '../../support/fixtures/company.oracle.js';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const app = useAuditedApp({ entities: companyEntities, oracle: companyOracle });

type HistoryOf = Parameters<typeof app.reader.history>;

async function lastChange(entity: HistoryOf[0], id: HistoryOf[1]) {
  const { items } = await app.reader.history(entity, id, { limit: 1 });
  const [change] = items;
  return { operation: change?.operation, before: change?.before, after: change?.after };
}

/** A person with two skills, and a third skill. */
async function arrange() {
  const own = app.orm.em.fork();
  const skills = ['a', 'b', 'c'].map((name) => own.create(Skill, { name }));
  const [a, b, c] = skills as [Skill, Skill, Skill];
  const person = own.create(Person, { name: 'p' });
  person.skills.add(a, b);
  await own.flush();
  return { personId: person.id, a: a.id, b: b.id, c: c.id };
}

describe('many-to-many', () => {
  it('a create holds all its links, also to members created in the same flush', async () => {
    const { personId, a, b } = await arrange();
    expect(await lastChange(Person, personId)).toMatchObject({
      operation: 'create',
      after: { skills: [a, b] },
    });
    expect(await trailOf(app)).toHaveLength(4);
  });

  it('links added to and removed from a loaded collection', async () => {
    const { personId, a, c } = await arrange();
    const person = await app.em.findOneOrFail(Person, personId, { populate: ['skills'] });
    person.skills.remove(app.em.getReference(Skill, a));
    person.skills.add(app.em.getReference(Skill, c));
    await app.em.flush();
    expect(await lastChange(Person, personId)).toEqual({
      operation: 'update',
      before: { skills: [a] },
      after: { skills: [c] },
    });
  });

  it('from the inverse side, recorded on the owner, once', async () => {
    const { personId, c } = await arrange();
    const skill = await app.em.findOneOrFail(Skill, c, { populate: ['people'] });
    skill.people.add(await app.em.findOneOrFail(Person, personId));
    await app.em.flush();
    expect((await trailOf(app)).slice(4)).toEqual([['Person', String(personId), 'update']]);
    expect(await lastChange(Person, personId)).toEqual({
      operation: 'update',
      before: {},
      after: { skills: [c] },
    });
  });

  it('with both sides dirty, recorded once', async () => {
    const { personId, c } = await arrange();
    const person = await app.em.findOneOrFail(Person, personId, { populate: ['skills'] });
    const skill = await app.em.findOneOrFail(Skill, c, { populate: ['people'] });
    person.skills.add(skill);
    skill.people.add(person);
    person.name = 'renamed';
    await app.em.flush();
    expect(await lastChange(Person, personId)).toEqual({
      operation: 'update',
      before: { name: 'p' },
      after: { name: 'renamed', skills: [c] },
    });
  });

  it('add on a collection that is not loaded: only what was not there yet', async () => {
    const { personId, a, c } = await arrange();
    const person = await app.em.findOneOrFail(Person, personId);
    person.skills.add(
      app.em.getReference(Skill, a),
      app.em.getReference(Skill, c),
      app.em.create(Skill, { name: 'new' }),
    );
    await app.em.flush();
    const { before, after } = await lastChange(Person, personId);
    expect([before, new Set(after?.skills as number[])]).toEqual([{}, new Set([c, 4])]);
  });

  it('set on a collection that is not loaded', async () => {
    const { personId, a, b, c } = await arrange();
    const person = await app.em.findOneOrFail(Person, personId);
    person.skills.set([app.em.getReference(Skill, b), app.em.getReference(Skill, c)]);
    await app.em.flush();
    expect(await lastChange(Person, personId)).toEqual({
      operation: 'update',
      before: { skills: [a] },
      after: { skills: [c] },
    });
  });

  it('removeAll on a collection that is not loaded', async () => {
    const { personId, a, b } = await arrange();
    const person = await app.em.findOneOrFail(Person, personId);
    person.skills.removeAll();
    await app.em.flush();
    expect(await lastChange(Person, personId)).toEqual({
      operation: 'update',
      before: { skills: [a, b] },
      after: {},
    });
  });

  it('the same members set again are no change', async () => {
    const { personId, a, b } = await arrange();
    const person = await app.em.findOneOrFail(Person, personId, { populate: ['skills'] });
    person.skills.set([app.em.getReference(Skill, b), app.em.getReference(Skill, a)]);
    await app.em.flush();
    expect(await trailOf(app)).toHaveLength(4);
  });

  it('a relation of a class to itself, between rows created together', async () => {
    const [a, b] = [app.em.create(Person, { name: 'a' }), app.em.create(Person, { name: 'b' })];
    a.friends.add(b);
    b.friends.add(a);
    await app.em.flush();
    expect(await lastChange(Person, a.id)).toMatchObject({ operation: 'create', after: { friends: [b.id] } });
    expect(await lastChange(Person, b.id)).toMatchObject({ operation: 'create', after: { friends: [a.id] } });
  });

  it('links are lost when the owner is deleted, loaded or not', async () => {
    const { personId, a, b } = await arrange();
    app.em.remove(app.em.getReference(Person, personId));
    await app.em.flush();
    expect(await lastChange(Person, personId)).toMatchObject({
      operation: 'delete',
      before: { skills: [a, b] },
    });
  });

  it('an ordered list keeps its other links when a member is deleted', async () => {
    const songs = ['a', 'b', 'c'].map((title) => app.em.create(Song, { title })) as [Song, Song, Song];
    const playlist = app.em.create(Playlist, {});
    playlist.songs.add(...songs);
    await app.em.flush();
    app.em.clear();
    app.em.remove(app.em.getReference(Song, songs[1].id));
    await app.em.flush();
    expect(await lastChange(Playlist, playlist.id)).toEqual({
      operation: 'update',
      before: { songs: [1, 2, 3] },
      after: { songs: [1, 3] },
    });
  });

  it('links are lost when the other end is deleted', async () => {
    const { personId, a } = await arrange();
    app.em.remove(await app.em.findOneOrFail(Skill, a));
    await app.em.flush();
    expect(await lastChange(Person, personId)).toEqual({
      operation: 'update',
      before: { skills: [a] },
      after: {},
    });
  });

  it('both ends deleted in one flush', async () => {
    const { personId, a } = await arrange();
    app.em.remove(await app.em.findOneOrFail(Skill, a));
    app.em.remove(await app.em.findOneOrFail(Person, personId, { populate: ['skills'] }));
    await app.em.flush();
  });

  it('a relation whose order is data is recorded as whole lists', async () => {
    const songs = ['a', 'b', 'c'].map((title) => app.em.create(Song, { title })) as [Song, Song, Song];
    const playlist = app.em.create(Playlist, {});
    playlist.songs.add(...songs);
    await app.em.flush();
    playlist.songs.set([songs[2], songs[0]]);
    await app.em.flush();
    expect(await lastChange(Playlist, playlist.id)).toEqual({
      operation: 'update',
      before: { songs: [1, 2, 3] },
      after: { songs: [3, 1] },
    });
    playlist.songs.set([songs[0], songs[2]]);
    await app.em.flush();
    expect(await lastChange(Playlist, playlist.id)).toMatchObject({ after: { songs: [1, 3] } });
    app.em.remove(playlist);
    await app.em.flush();
    expect(await lastChange(Playlist, playlist.id)).toMatchObject({
      operation: 'delete',
      before: { songs: [1, 3] },
    });
  });

  it('links of an exact entity that another transaction has changed meanwhile', async () => {
    const [a, b] = [app.em.create(Skill, { name: 'a' }), app.em.create(Skill, { name: 'b' })];
    const account = app.em.create(Account, { owner: 'o' });
    account.skills.add(a);
    await app.em.flush();
    const [mine, theirs] = [app.orm.em.fork(), app.orm.em.fork()];
    const here = await mine.findOneOrFail(Account, account.id, { populate: ['skills'] });
    const there = await theirs.findOneOrFail(Account, account.id, { populate: ['skills'] });
    there.skills.remove(theirs.getReference(Skill, a.id));
    await theirs.flush();
    here.skills.remove(mine.getReference(Skill, a.id));
    here.skills.add(mine.getReference(Skill, b.id));
    await mine.flush();
    expect(await lastChange(Account, account.id)).toEqual({
      operation: 'update',
      before: {},
      after: { skills: [b.id] },
    });
  });

  it('across the flushes of one transaction, as a net difference', async () => {
    const { personId, a, c } = await arrange();
    await app.em.transactional(async (inner) => {
      const person = await inner.findOneOrFail(Person, personId, { populate: ['skills'] });
      person.skills.remove(inner.getReference(Skill, a));
      await inner.flush();
      person.skills.add(inner.getReference(Skill, a), inner.getReference(Skill, c));
      await inner.flush();
    });
    expect(await lastChange(Person, personId)).toEqual({
      operation: 'update',
      before: {},
      after: { skills: [c] },
    });
  });
});

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

describe('what the database does when a parent is deleted', () => {
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
