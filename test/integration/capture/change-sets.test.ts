import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityManager, FlushEventArgs } from '@mikro-orm/core';
import { raw } from '@mikro-orm/core';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import {
  Badge,
  Car,
  Country,
  companyEntities,
  Desk,
  Laptop,
  Membership,
  MembershipNote,
  Person,
  Skill,
  Team,
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

async function lastChange(
  entity: Parameters<typeof app.reader.history>[0],
  id: Parameters<typeof app.reader.history>[1],
) {
  const { items } = await app.reader.history(entity, id, { limit: 1 });
  const [change] = items;
  return { operation: change?.operation, before: change?.before, after: change?.after };
}

describe('change sets that hide', () => {
  it('unique columns that move between rows as extra updates', async () => {
    const [a, b] = [
      em.create(Person, { name: 'a', email: 'A' }),
      em.create(Person, { name: 'b', email: 'B' }),
    ];
    await em.flush();
    a.email = 'C';
    b.email = 'A';
    await em.flush();
    expect(await lastChange(Person, a.id)).toEqual({
      operation: 'update',
      before: { email: 'A' },
      after: { email: 'C' },
    });
    expect(await lastChange(Person, b.id)).toEqual({
      operation: 'update',
      before: { email: 'B' },
      after: { email: 'A' },
    });
    await app.oracle.verify();
  });

  it('unique columns that are freed and taken in one flush', async () => {
    const [a, b] = [
      em.create(Person, { name: 'a', email: 'A' }),
      em.create(Person, { name: 'b', email: 'B' }),
    ];
    await em.flush();
    a.email = null;
    b.email = 'A';
    b.name = 'bb';
    await em.flush();
    expect(await lastChange(Person, b.id)).toEqual({
      operation: 'update',
      before: { email: 'B', name: 'b' },
      after: { email: 'A', name: 'bb' },
    });
    await app.oracle.verify();
  });

  it('a one-to-one partner replaced from the inverse side', async () => {
    const person = em.create(Person, { name: 'p' });
    const [first, second] = [em.create(Badge, { number: '1', person }), em.create(Badge, { number: '2' })];
    await em.flush();
    first.person = null;
    await em.flush();
    second.person = em.getReference(Person, person.id, { wrapped: true });
    await em.flush();
    expect(await lastChange(Badge, second.id)).toEqual({
      operation: 'update',
      before: { person: null },
      after: { person: person.id },
    });
    await app.oracle.verify();
  });

  it('a self reference that is set after the insert is part of the create', async () => {
    const manager = em.create(Person, { name: 'a' });
    const person = em.create(Person, { name: 'b', manager });
    await em.flush();
    expect(await lastChange(Person, person.id)).toMatchObject({
      operation: 'create',
      after: { manager: manager.id },
    });
    await app.oracle.verify();
  });

  it('two new rows that refer to each other', async () => {
    const a = em.create(Person, { name: 'a' });
    const b = em.create(Person, { name: 'b', manager: a });
    a.manager = b as never;
    await em.flush();
    expect(await trailOf(app)).toHaveLength(2);
    expect(await lastChange(Person, a.id)).toMatchObject({ operation: 'create', after: { manager: b.id } });
    await app.oracle.verify();
  });

  it('an entity that is deleted and created again under its key in one flush', async () => {
    const skill = em.create(Skill, { name: 'x' });
    await em.flush();
    em.remove(skill);
    const again = new Skill();
    Object.assign(again, { id: skill.id, name: 'x' });
    em.persist(again);
    await em.flush();
    expect((await trailOf(app)).map(([, , operation]) => operation)).toEqual(['create', 'delete', 'create']);
    await app.oracle.verify();
  });

  it('a unique value that a deleted row gives to a new one in one flush', async () => {
    const skill = em.create(Skill, { name: 'x' });
    await em.flush();
    em.remove(skill);
    em.create(Skill, { name: 'x' });
    await em.flush();
    expect((await trailOf(app)).map(([, id, operation]) => [id, operation])).toEqual([
      ['1', 'create'],
      ['1', 'delete'],
      ['2', 'create'],
    ]);
    await app.oracle.verify();
  });
});

describe('inheritance', () => {
  it('joined tables give one change with the values of all tables', async () => {
    const car = em.create(Car, { plate: 'P', seats: 4 });
    await em.flush();
    expect(await lastChange(Car, car.id)).toMatchObject({
      operation: 'create',
      after: { id: car.id, plate: 'P', seats: 4 },
    });
    car.plate = 'Q';
    await em.flush();
    expect(await lastChange(Car, car.id)).toEqual({
      operation: 'update',
      before: { plate: 'P' },
      after: { plate: 'Q' },
    });
    car.plate = 'R';
    car.seats = 5;
    await em.flush();
    expect(await lastChange(Car, car.id)).toEqual({
      operation: 'update',
      before: { plate: 'Q', seats: 4 },
      after: { plate: 'R', seats: 5 },
    });
    em.remove(car);
    await em.flush();
    expect(await lastChange(Car, car.id)).toMatchObject({
      operation: 'delete',
      before: { plate: 'R', seats: 5 },
    });
    await app.oracle.verify();
  });

  it('several entities of joined tables in one flush', async () => {
    em.create(Car, { plate: 'P', seats: 4 });
    const truck = em.create(Truck, { plate: 'T', load: 7 });
    em.create(Truck, { plate: 'U', load: 8, trailer: 'x' });
    await em.flush();
    truck.trailer = 'y';
    await em.flush();
    await app.oracle.verify();
  });

  it('one table keeps the discriminator, and each class its own name', async () => {
    const laptop = em.create(Laptop, { label: 'l', serial: 's', kind: 'laptop' });
    const desk = em.create(Desk, { label: 'd', height: 70, kind: 'desk' });
    await em.flush();
    laptop.label = 'll';
    desk.height = 80;
    await em.flush();
    expect(await trailOf(app)).toEqual([
      ['laptop', String(laptop.id), 'create'],
      ['desk', String(desk.id), 'create'],
      ['laptop', String(laptop.id), 'update'],
      ['desk', String(desk.id), 'update'],
    ]);
    expect((await app.reader.history(Laptop, laptop.id)).items.at(-1)?.after).toMatchObject({
      kind: 'laptop',
      serial: 's',
    });
    em.remove(laptop);
    await em.flush();
    await app.oracle.verify();
  });
});

describe('keys', () => {
  it('composite keys of foreign keys, and a foreign key to them', async () => {
    const person = em.create(Person, { name: 'p' });
    const team = em.create(Team, { name: 't' });
    const membership = em.create(Membership, { person, team, role: 'r' });
    await em.flush();
    const note = em.create(MembershipNote, { text: 'n', membership });
    await em.flush();
    membership.role = 's';
    note.text = 'm';
    await em.flush();
    expect(await lastChange(Membership, [person.id, team.id])).toEqual({
      operation: 'update',
      before: { role: 'r' },
      after: { role: 's' },
    });
    expect((await app.reader.history(MembershipNote, note.id)).items.at(-1)?.after).toMatchObject({
      membership: [person.id, team.id],
    });
    em.remove(note);
    em.remove(membership);
    await em.flush();
    await app.oracle.verify();
  });

  it('a key that changes is recorded under the key it had', async () => {
    const country = em.create(Country, { code: 'aa', name: 'A' });
    await em.flush();
    country.code = 'bb';
    await em.flush();
    expect(await lastChange(Country, 'aa')).toMatchObject({
      operation: 'update',
      before: { code: 'aa' },
      after: { code: 'bb' },
    });
    await app.oracle.verify();
  });

  it('the lock version is recorded with the change that moves it', async () => {
    const country = em.create(Country, { code: 'aa', name: 'A' });
    await em.flush();
    app.statements.take();
    for (const name of ['B', 'C']) {
      country.name = name;
      await em.flush();
    }
    expect(app.statements.take().map((statement) => statement.split(' ')[0])).toEqual([
      ...['begin', 'update', 'with', 'commit'],
      ...['begin', 'update', 'with', 'commit'],
    ]);
    expect(await lastChange(Country, 'aa')).toEqual({
      operation: 'update',
      before: { name: 'B', version: 2 },
      after: { name: 'C', version: 3 },
    });
    await app.oracle.verify();
  });
});

describe('what others change after our listener', () => {
  it('a subscriber that turns a delete into an update', async () => {
    const softDelete = {
      onFlush({ uow }: FlushEventArgs) {
        for (const changeSet of uow.getChangeSets()) {
          if (changeSet.type === 'delete' && changeSet.entity instanceof Skill) {
            changeSet.entity.name = 'deleted';
            uow.computeChangeSet(changeSet.entity, 'update' as never);
          }
        }
      },
    };
    const skill = em.create(Skill, { name: 'x' });
    await em.flush();
    const fork = app.orm.em.fork();
    app.orm.em.getEventManager().registerSubscriber(softDelete);
    const loaded = await fork.findOneOrFail(Skill, skill.id);
    fork.remove(loaded);
    await fork.flush();
    expect(await lastChange(Skill, skill.id)).toEqual({
      operation: 'update',
      before: { name: 'x' },
      after: { name: 'deleted' },
    });
    await app.oracle.verify();
  });

  it('raw SQL expressions are recorded with their result', async () => {
    const person = em.create(Person, { name: 'a' });
    await em.flush();
    person.name = raw(`upper(name) || 'x'`) as never;
    await em.flush();
    expect(await lastChange(Person, person.id)).toEqual({
      operation: 'update',
      before: { name: 'a' },
      after: { name: 'Ax' },
    });
    await app.oracle.verify();
  });
});
