import { describe, expect, it } from '@jest/globals';
import { Badge, Car, Desk, Laptop, Person, Skill, Truck } from '../../support/fixtures/company.js';
import { trailOf } from '../../support/trail.js';
import { useCompany } from './use-company.js';

const { app, lastChange } = useCompany();

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
