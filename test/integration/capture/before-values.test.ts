import { describe, expect, it } from '@jest/globals';
import { Country, Person, Shelf, ShelfLabel, Skill, Truck } from '../../support/fixtures/company.js';
import { verbOf } from '../../support/statement-log.js';
import { trailOf } from '../../support/trail.js';
import { usePeople } from './use-people.js';

const { app, kinds, personInDatabase, lastChange } = usePeople();

describe('a before that the unit of work does not know is read once, under a lock', () => {
  it('for a reference that is updated', async () => {
    const ids = [await personInDatabase(), await personInDatabase({ email: 'f' })];
    for (const id of ids) {
      app.em.getReference(Person, id).name = `new ${id}`;
    }
    await app.em.flush();
    const [begin, select, ...rest] = app.statements.take();
    expect(begin).toBe('begin');
    expect(select).toMatch(/^select .* in \(1, 2\) .*for no key update$/);
    expect(rest.map(verbOf)).toEqual(['update', 'audit', 'commit']);
    expect(await lastChange(1)).toEqual({
      operation: 'update',
      before: { name: 'stored' },
      after: { name: 'new 1' },
    });
  });

  it('for a reference that is removed', async () => {
    const id = await personInDatabase();
    app.em.remove(app.em.getReference(Person, id));
    await app.em.flush();
    expect(await lastChange(id)).toMatchObject({
      operation: 'delete',
      before: { name: 'stored', email: 'e', biography: 'b' },
    });
  });

  it('for a partially loaded entity, only when the unloaded part is written', async () => {
    const id = await personInDatabase();
    const partial = await app.em.findOneOrFail(Person, id, { fields: ['name'] });
    app.statements.take();
    partial.name = 'x';
    await app.em.flush();
    expect(kinds()).toEqual(['begin', 'update', 'audit', 'commit']);
    (partial as Person).email = 'y';
    await app.em.flush();
    expect(kinds()).toEqual(['begin', 'select', 'update', 'audit', 'commit']);
    expect(await lastChange(id)).toEqual({
      operation: 'update',
      before: { email: 'e' },
      after: { email: 'y' },
    });
  });

  it('for a lazy scalar that was not loaded', async () => {
    const id = await personInDatabase();
    const person = await app.em.findOneOrFail(Person, id);
    person.biography = 'new';
    await app.em.flush();
    expect(await lastChange(id)).toEqual({
      operation: 'update',
      before: { biography: 'b' },
      after: { biography: 'new' },
    });
    app.em.remove(person);
    await app.em.flush();
  });

  it('not for entities created in the same EntityManager', async () => {
    const person = app.em.create(Person, { name: 'a' });
    await app.em.flush();
    app.statements.take();
    person.email = 'later';
    await app.em.flush();
    const country = app.em.create(Country, { code: 'aa', name: 'A' });
    await app.em.flush();
    app.em.remove(country);
    await app.em.flush();
    expect(kinds().filter((kind) => kind === 'select')).toEqual([]);
  });

  it('for entities of joined tables', async () => {
    const own = app.orm.em.fork();
    const { id } = own.create(Truck, { plate: 'T', load: 7 });
    await own.flush();
    const truck = app.em.getReference(Truck, (await app.em.findOneOrFail(Truck, { plate: 'T' })).id ?? id);
    app.em.clear();
    app.em.remove(app.em.getReference(Truck, truck.id));
    await app.em.flush();
  });

  it('for values given to em.merge, because the caller may be wrong', async () => {
    const id = await personInDatabase();
    const merged = app.em.merge(Person, { id, name: 'claimed', email: 'claimed' });
    merged.name = 'new';
    await app.em.flush();
    expect(await lastChange(id)).toEqual({
      operation: 'update',
      before: { name: 'stored' },
      after: { name: 'new' },
    });
  });

  it('for a detached entity that was changed before it was merged', async () => {
    const id = await personInDatabase();
    const detached = await app.orm.em.fork().findOneOrFail(Person, id);
    detached.email = 'changed while detached';
    app.em.merge(detached);
    detached.email = 'then';
    await app.em.flush();
    expect(await lastChange(id)).toEqual({
      operation: 'update',
      before: { email: 'e' },
      after: { email: 'then' },
    });
  });

  it.each(['changed', 'removed'])(
    'for an entity that em.clear() has let go of, and that is %s nevertheless',
    async (how) => {
      const id = await personInDatabase();
      const person = await app.em.findOneOrFail(Person, id);
      app.em.clear();
      const other = app.orm.em.fork();
      (await other.findOneOrFail(Person, id)).name = 'meanwhile';
      await other.flush();
      if (how === 'removed') {
        app.em.remove(person);
      } else {
        person.name = 'afterwards';
        app.em.create(Person, { name: 'new', manager: person });
      }
      await app.em.flush();
      expect(await lastChange(id)).toMatchObject({ before: { name: 'meanwhile' } });
    },
  );

  it.each(['loaded', 'referenced'])('for values merged into a %s other side', async (how) => {
    const own = app.orm.em.fork();
    const shelf = own.create(Shelf, { name: 's' });
    const free = own.create(ShelfLabel, { text: 'x' });
    await own.flush();
    if (how === 'loaded') {
      await app.em.findOneOrFail(ShelfLabel, free.id);
    }
    app.em.merge(Shelf, { id: shelf.id, labels: [free.id] } as never);
    const label = await app.em.findOneOrFail(ShelfLabel, free.id);
    expect(label.shelf).toMatchObject({ id: shelf.id });
    label.shelf = null;
    label.text = 'y';
    await app.em.flush();
  });

  it('not for loaded entities, flush after flush, in nested transactions too', async () => {
    const id = await personInDatabase();
    await app.em.transactional(async (outer) => {
      const person = await outer.findOneOrFail(Person, id);
      person.name = 'one';
      await outer.transactional(async () => {
        person.name = 'two';
      });
      person.name = 'three';
    });
    const again = await app.em.findOneOrFail(Person, id);
    again.name = 'four';
    await app.em.flush();
    expect(kinds().filter((kind) => kind === 'select')).toHaveLength(1);
  });
});

describe('statements that hit no row leave no change', () => {
  it('an update of a row that another transaction has deleted', async () => {
    const id = await personInDatabase();
    const person = await app.em.findOneOrFail(Person, id);
    const other = app.orm.em.fork();
    other.remove(await other.findOneOrFail(Person, id));
    await other.flush();
    person.name = 'too late';
    await app.em.flush();
    expect((await trailOf(app)).map(([, , operation]) => operation)).toEqual(['create', 'delete']);
  });

  it('a delete of a row that another transaction has deleted', async () => {
    const id = await personInDatabase();
    app.em.remove(await app.em.findOneOrFail(Person, id));
    const other = app.orm.em.fork();
    other.remove(await other.findOneOrFail(Person, id));
    await other.flush();
    await app.em.flush();
    expect((await trailOf(app)).map(([, , operation]) => operation)).toEqual(['create', 'delete']);
  });

  it('a reference to a row that does not exist', async () => {
    app.em.getReference(Person, 4711).name = 'nobody';
    app.em.remove(app.em.getReference(Skill, 4711));
    await app.em.flush();
    expect(await trailOf(app)).toEqual([]);
  });

  it('but a row that came back behind our back is recorded again', async () => {
    app.skipOracle();
    const id = await personInDatabase();
    app.em.remove(await app.em.findOneOrFail(Person, id));
    await app.em.flush();
    await app.orm.em.getConnection().execute(`insert into person (id, name) values (${id}, 'restored')`);
    const fresh = app.orm.em.fork();
    const person = await fresh.findOneOrFail(Person, id);
    person.name = 'changed';
    await fresh.flush();
    fresh.remove(person);
    await fresh.flush();
    expect((await trailOf(app)).map(([, , operation]) => operation)).toEqual([
      'create',
      'delete',
      'update',
      'delete',
    ]);
  });
});
