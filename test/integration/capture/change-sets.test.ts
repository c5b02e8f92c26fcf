import { describe, expect, it } from '@jest/globals';
import type { FlushEventArgs } from '@mikro-orm/core';
import { raw } from '@mikro-orm/core';
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
import { useAuditedApp } from '../../support/use-audited-app.js';

const app = useAuditedApp({ entities: companyEntities, oracle: companyOracle });

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
      app.em.create(Person, { name: 'a', email: 'A' }),
      app.em.create(Person, { name: 'b', email: 'B' }),
    ];
    await app.em.flush();
    a.email = 'C';
    b.email = 'A';
    await app.em.flush();
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
  });

  it('unique columns that are freed and taken in one flush', async () => {
    const [a, b] = [
      app.em.create(Person, { name: 'a', email: 'A' }),
      app.em.create(Person, { name: 'b', email: 'B' }),
    ];
    await app.em.flush();
    a.email = null;
    b.email = 'A';
    b.name = 'bb';
    await app.em.flush();
    expect(await lastChange(Person, b.id)).toEqual({
      operation: 'update',
      before: { email: 'B', name: 'b' },
      after: { email: 'A', name: 'bb' },
    });
  });

  it('a one-to-one partner replaced from the inverse side', async () => {
    const person = app.em.create(Person, { name: 'p' });
    const [first, second] = [
      app.em.create(Badge, { number: '1', person }),
      app.em.create(Badge, { number: '2' }),
    ];
    await app.em.flush();
    first.person = null;
    await app.em.flush();
    second.person = app.em.getReference(Person, person.id, { wrapped: true });
    await app.em.flush();
    expect(await lastChange(Badge, second.id)).toEqual({
      operation: 'update',
      before: { person: null },
      after: { person: person.id },
    });
  });

  it('a self reference that is set after the insert is part of the create', async () => {
    const manager = app.em.create(Person, { name: 'a' });
    const person = app.em.create(Person, { name: 'b', manager });
    await app.em.flush();
    expect(await lastChange(Person, person.id)).toMatchObject({
      operation: 'create',
      after: { manager: manager.id },
    });
  });

  it('two new rows that refer to each other', async () => {
    const a = app.em.create(Person, { name: 'a' });
    const b = app.em.create(Person, { name: 'b', manager: a });
    a.manager = b as never;
    await app.em.flush();
    expect(await trailOf(app)).toHaveLength(2);
    expect(await lastChange(Person, a.id)).toMatchObject({ operation: 'create', after: { manager: b.id } });
  });

  it('an entity that is deleted and created again under its key in one flush', async () => {
    const skill = app.em.create(Skill, { name: 'x' });
    await app.em.flush();
    app.em.remove(skill);
    const again = new Skill();
    Object.assign(again, { id: skill.id, name: 'x' });
    app.em.persist(again);
    await app.em.flush();
    expect((await trailOf(app)).map(([, , operation]) => operation)).toEqual(['create', 'delete', 'create']);
  });

  it('a unique value that a deleted row gives to a new one in one flush', async () => {
    const skill = app.em.create(Skill, { name: 'x' });
    await app.em.flush();
    app.em.remove(skill);
    app.em.create(Skill, { name: 'x' });
    await app.em.flush();
    expect((await trailOf(app)).map(([, id, operation]) => [id, operation])).toEqual([
      ['1', 'create'],
      ['1', 'delete'],
      ['2', 'create'],
    ]);
  });
});

describe('inheritance', () => {
  it('joined tables give one change with the values of all tables', async () => {
    const car = app.em.create(Car, { plate: 'P', seats: 4 });
    await app.em.flush();
    expect(await lastChange(Car, car.id)).toMatchObject({
      operation: 'create',
      after: { id: car.id, plate: 'P', seats: 4 },
    });
    car.plate = 'Q';
    await app.em.flush();
    expect(await lastChange(Car, car.id)).toEqual({
      operation: 'update',
      before: { plate: 'P' },
      after: { plate: 'Q' },
    });
    car.plate = 'R';
    car.seats = 5;
    await app.em.flush();
    expect(await lastChange(Car, car.id)).toEqual({
      operation: 'update',
      before: { plate: 'Q', seats: 4 },
      after: { plate: 'R', seats: 5 },
    });
    app.em.remove(car);
    await app.em.flush();
    expect(await lastChange(Car, car.id)).toMatchObject({
      operation: 'delete',
      before: { plate: 'R', seats: 5 },
    });
  });

  it('several entities of joined tables in one flush', async () => {
    app.em.create(Car, { plate: 'P', seats: 4 });
    const truck = app.em.create(Truck, { plate: 'T', load: 7 });
    app.em.create(Truck, { plate: 'U', load: 8, trailer: 'x' });
    await app.em.flush();
    truck.trailer = 'y';
    await app.em.flush();
  });

  it('one table keeps the discriminator, and each class its own name', async () => {
    const laptop = app.em.create(Laptop, { label: 'l', serial: 's', kind: 'laptop' });
    const desk = app.em.create(Desk, { label: 'd', height: 70, kind: 'desk' });
    await app.em.flush();
    laptop.label = 'll';
    desk.height = 80;
    await app.em.flush();
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
    app.em.remove(laptop);
    await app.em.flush();
  });
});

describe('keys', () => {
  it('composite keys of foreign keys, and a foreign key to them', async () => {
    const person = app.em.create(Person, { name: 'p' });
    const team = app.em.create(Team, { name: 't' });
    const membership = app.em.create(Membership, { person, team, role: 'r' });
    await app.em.flush();
    const note = app.em.create(MembershipNote, { text: 'n', membership });
    await app.em.flush();
    membership.role = 's';
    note.text = 'm';
    await app.em.flush();
    expect(await lastChange(Membership, [person.id, team.id])).toEqual({
      operation: 'update',
      before: { role: 'r' },
      after: { role: 's' },
    });
    expect((await app.reader.history(MembershipNote, note.id)).items.at(-1)?.after).toMatchObject({
      membership: [person.id, team.id],
    });
    app.em.remove(note);
    app.em.remove(membership);
    await app.em.flush();
  });

  it('a key that changes is recorded under the key it had', async () => {
    const country = app.em.create(Country, { code: 'aa', name: 'A' });
    await app.em.flush();
    country.code = 'bb';
    await app.em.flush();
    expect(await lastChange(Country, 'aa')).toMatchObject({
      operation: 'update',
      before: { code: 'aa' },
      after: { code: 'bb' },
    });
  });

  it('the lock version is recorded with the change that moves it', async () => {
    const country = app.em.create(Country, { code: 'aa', name: 'A' });
    await app.em.flush();
    app.statements.take();
    for (const name of ['B', 'C']) {
      country.name = name;
      await app.em.flush();
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
    const skill = app.em.create(Skill, { name: 'x' });
    await app.em.flush();
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
  });

  it('raw SQL expressions are recorded with their result', async () => {
    const person = app.em.create(Person, { name: 'a' });
    await app.em.flush();
    person.name = raw(`upper(name) || 'x'`) as never;
    await app.em.flush();
    expect(await lastChange(Person, person.id)).toEqual({
      operation: 'update',
      before: { name: 'a' },
      after: { name: 'Ax' },
    });
  });
});
