import { describe, expect, it } from '@jest/globals';
import { Account, Person, Playlist, Skill, Song } from '../../support/fixtures/company.js';
import { trailOf } from '../../support/trail.js';
import { useSkills } from './use-skills.js';

const { app, lastChange, arrange } = useSkills();

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

  it('add on a collection that is not loaded: only the new links', async () => {
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
