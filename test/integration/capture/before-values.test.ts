import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/core';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import {
  Account,
  Country,
  companyEntities,
  Person,
  Shelf,
  ShelfLabel,
  Skill,
  Truck,
} from '../../support/fixtures/company.js';
import { companyOracle } from '../../support/fixtures/company.oracle.js';
import { trailOf } from '../../support/trail.js';

let app: AuditedApp;
let em: EntityManager;

beforeAll(async () => {
  app = await createAuditedApp({ entities: companyEntities, oracle: companyOracle });
});
beforeEach(async () => {
  await app.oracle.clear();
  em = app.orm.em.fork();
});
afterAll(() => app.close());

/** The kinds of statement of the flush, in order; ours begins with `with`. */
const kinds = () => app.statements.take().map((statement) => statement.split(' ')[0]);

async function personInDatabase(values: Partial<Person> = {}): Promise<number> {
  const own = app.orm.em.fork();
  const person = own.create(Person, { name: 'stored', email: 'e', biography: 'b', ...values });
  await own.flush();
  app.statements.take();
  return person.id;
}

async function lastChange(id: number) {
  const { items } = await app.reader.history(Person, id, { limit: 1 });
  const [change] = items;
  return { operation: change?.operation, before: change?.before, after: change?.after };
}

describe('a before that the unit of work does not know is read once, under a lock', () => {
  it('for a reference that is updated', async () => {
    const ids = [await personInDatabase(), await personInDatabase({ email: 'f' })];
    for (const id of ids) {
      em.getReference(Person, id).name = `new ${id}`;
    }
    await em.flush();
    const [begin, select, ...rest] = app.statements.take();
    expect(begin).toBe('begin');
    expect(select).toMatch(/^select .* in \(1, 2\) .*for no key update$/);
    expect(rest.map((statement) => statement.split(' ')[0])).toEqual(['update', 'with', 'commit']);
    expect(await lastChange(1)).toEqual({
      operation: 'update',
      before: { name: 'stored' },
      after: { name: 'new 1' },
    });
    await app.oracle.verify();
  });

  it('for a reference that is removed', async () => {
    const id = await personInDatabase();
    em.remove(em.getReference(Person, id));
    await em.flush();
    expect(await lastChange(id)).toMatchObject({
      operation: 'delete',
      before: { name: 'stored', email: 'e', biography: 'b' },
    });
    await app.oracle.verify();
  });

  it('for a partially loaded entity, only when the unloaded part is written', async () => {
    const id = await personInDatabase();
    const partial = await em.findOneOrFail(Person, id, { fields: ['name'] });
    app.statements.take();
    partial.name = 'x';
    await em.flush();
    expect(kinds()).toEqual(['begin', 'update', 'with', 'commit']);
    (partial as Person).email = 'y';
    await em.flush();
    expect(kinds()).toEqual(['begin', 'select', 'update', 'with', 'commit']);
    expect(await lastChange(id)).toEqual({
      operation: 'update',
      before: { email: 'e' },
      after: { email: 'y' },
    });
    await app.oracle.verify();
  });

  it('for a lazy scalar that was not loaded', async () => {
    const id = await personInDatabase();
    const person = await em.findOneOrFail(Person, id);
    person.biography = 'new';
    await em.flush();
    expect(await lastChange(id)).toEqual({
      operation: 'update',
      before: { biography: 'b' },
      after: { biography: 'new' },
    });
    em.remove(person);
    await em.flush();
    await app.oracle.verify();
  });

  it('not for what was created in the same EntityManager', async () => {
    const person = em.create(Person, { name: 'a' });
    await em.flush();
    app.statements.take();
    person.email = 'later';
    await em.flush();
    const country = em.create(Country, { code: 'aa', name: 'A' });
    await em.flush();
    em.remove(country);
    await em.flush();
    expect(kinds().filter((kind) => kind === 'select')).toEqual([]);
    await app.oracle.verify();
  });

  it('for entities of joined tables', async () => {
    const own = app.orm.em.fork();
    const { id } = own.create(Truck, { plate: 'T', load: 7 });
    await own.flush();
    const truck = em.getReference(Truck, (await em.findOneOrFail(Truck, { plate: 'T' })).id ?? id);
    em.clear();
    em.remove(em.getReference(Truck, truck.id));
    await em.flush();
    await app.oracle.verify();
  });

  it('for what em.merge asserts, because the caller may be wrong', async () => {
    const id = await personInDatabase();
    const merged = em.merge(Person, { id, name: 'claimed', email: 'claimed' });
    merged.name = 'new';
    await em.flush();
    expect(await lastChange(id)).toEqual({
      operation: 'update',
      before: { name: 'stored' },
      after: { name: 'new' },
    });
    await app.oracle.verify();
  });

  it('for a detached entity that was changed before it was merged', async () => {
    const id = await personInDatabase();
    const detached = await app.orm.em.fork().findOneOrFail(Person, id);
    detached.email = 'changed while detached';
    em.merge(detached);
    detached.email = 'then';
    await em.flush();
    expect(await lastChange(id)).toEqual({
      operation: 'update',
      before: { email: 'e' },
      after: { email: 'then' },
    });
    await app.oracle.verify();
  });

  it.each(['loaded', 'referenced'])('for what a merge asserts of a %s other side', async (how) => {
    const own = app.orm.em.fork();
    const shelf = own.create(Shelf, { name: 's' });
    const free = own.create(ShelfLabel, { text: 'x' });
    await own.flush();
    if (how === 'loaded') {
      await em.findOneOrFail(ShelfLabel, free.id);
    }
    em.merge(Shelf, { id: shelf.id, labels: [free.id] } as never);
    const label = await em.findOneOrFail(ShelfLabel, free.id);
    expect(label.shelf).toMatchObject({ id: shelf.id });
    label.shelf = null;
    label.text = 'y';
    await em.flush();
    await app.oracle.verify();
  });

  it('not for what was loaded, flush after flush, in nested transactions too', async () => {
    const id = await personInDatabase();
    await em.transactional(async (outer) => {
      const person = await outer.findOneOrFail(Person, id);
      person.name = 'one';
      await outer.transactional(async () => {
        person.name = 'two';
      });
      person.name = 'three';
    });
    const again = await em.findOneOrFail(Person, id);
    again.name = 'four';
    await em.flush();
    expect(kinds().filter((kind) => kind === 'select')).toHaveLength(1);
    await app.oracle.verify();
  });
});

describe('statements that hit no row leave no change', () => {
  it('an update of a row that another transaction has deleted', async () => {
    const id = await personInDatabase();
    const person = await em.findOneOrFail(Person, id);
    const other = app.orm.em.fork();
    other.remove(await other.findOneOrFail(Person, id));
    await other.flush();
    person.name = 'too late';
    await em.flush();
    expect((await trailOf(app)).map(([, , operation]) => operation)).toEqual(['create', 'delete']);
    await app.oracle.verify();
  });

  it('a delete of a row that another transaction has deleted', async () => {
    const id = await personInDatabase();
    em.remove(await em.findOneOrFail(Person, id));
    const other = app.orm.em.fork();
    other.remove(await other.findOneOrFail(Person, id));
    await other.flush();
    await em.flush();
    expect((await trailOf(app)).map(([, , operation]) => operation)).toEqual(['create', 'delete']);
    await app.oracle.verify();
  });

  it('a reference to a row that does not exist', async () => {
    em.getReference(Person, 4711).name = 'nobody';
    em.remove(em.getReference(Skill, 4711));
    await em.flush();
    expect(await trailOf(app)).toEqual([]);
    await app.oracle.verify();
  });

  it('but a row that came back behind our back is recorded again', async () => {
    const id = await personInDatabase();
    em.remove(await em.findOneOrFail(Person, id));
    await em.flush();
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

describe('an exact policy reads always', () => {
  it('and knows what others changed since loading', async () => {
    const account = em.create(Account, { owner: 'o' });
    await em.flush();
    const [mine, theirs] = [app.orm.em.fork(), app.orm.em.fork()];
    const [here, there] = [
      await mine.findOneOrFail(Account, account.id),
      await theirs.findOneOrFail(Account, account.id),
    ];
    there.balance = 5;
    await theirs.flush();
    here.balance = 7;
    await mine.flush();
    const { items } = await app.reader.history(Account, account.id, { limit: 1 });
    expect(items[0]).toMatchObject({ before: { balance: 5 }, after: { balance: 7 } });
    await app.oracle.verify();
  });

  it('and records no change when the row already had the value', async () => {
    const account = em.create(Account, { owner: 'o' });
    await em.flush();
    const [mine, theirs] = [app.orm.em.fork(), app.orm.em.fork()];
    const [here, there] = [
      await mine.findOneOrFail(Account, account.id),
      await theirs.findOneOrFail(Account, account.id),
    ];
    there.balance = 5;
    await theirs.flush();
    here.balance = 5;
    await mine.flush();
    expect(await trailOf(app)).toHaveLength(2);
    await app.oracle.verify();
  });

  it('and records what a database trigger made of the values', async () => {
    await app.orm.em.getConnection().execute(
      `create or replace function stamp() returns trigger language plpgsql as $$
         begin new.note = new.owner || ':' || new.balance; return new; end $$`,
    );
    await app.orm.em
      .getConnection()
      .execute(
        'create trigger stamp before insert or update on account for each row execute function stamp()',
      );
    try {
      const account = em.create(Account, { owner: 'o' });
      await em.flush();
      account.balance = 3;
      await em.flush();
      const { items } = await app.reader.history(Account, account.id);
      expect(items.map(({ before, after }) => [before, after])).toEqual([
        [
          { balance: 0, note: 'o:0' },
          { balance: 3, note: 'o:3' },
        ],
        [null, { id: account.id, owner: 'o', balance: 0, note: 'o:0' }],
      ]);
      await app.oracle.verify();
    } finally {
      await app.orm.em.getConnection().execute('drop trigger stamp on account');
    }
  });
});
