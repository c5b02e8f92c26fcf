import { defineEntity, p } from '@mikro-orm/core';

/** A model of somebody who knows the documentation only: of everything a little, and all of it older than the trail. */
const PlaceSchema = defineEntity({
  name: 'Place',
  embeddable: true,
  properties: { city: p.string(), pin: p.string().nullable() },
});
export class Place extends PlaceSchema.class {}
PlaceSchema.setClass(Place);

const LineSchema = defineEntity({
  name: 'Line',
  properties: {
    order: p.integer().primary(),
    position: p.string().primary(),
    price: p.decimal().precision(8).scale(2),
    card: p.string(),
    notes: p.json<unknown>().nullable(),
    raw: p.json<unknown>().columnType('json').nullable(),
    at: p.datetime().columnType('timestamptz(6)').nullable(),
    from: () => p.embedded(Place),
    to: () => p.embedded(Place).object().nullable(),
  },
});
export class Line extends LineSchema.class {}
LineSchema.setClass(Line);

const PersonSchema = defineEntity({
  name: 'Person',
  abstract: true,
  discriminatorColumn: 'kind',
  properties: { id: p.integer().primary(), kind: p.string(), name: p.string() },
});
export class Person extends PersonSchema.class {}
PersonSchema.setClass(Person);
const EmployeeSchema = defineEntity({
  name: 'Employee',
  extends: PersonSchema,
  discriminatorValue: 'employee',
  properties: { desk: p.string().nullable() },
});
export class Employee extends EmployeeSchema.class {}
EmployeeSchema.setClass(Employee);
const ManagerSchema = defineEntity({
  name: 'Manager',
  extends: PersonSchema,
  discriminatorValue: 'manager',
  properties: { budget: p.integer().nullable() },
});
export class Manager extends ManagerSchema.class {}
ManagerSchema.setClass(Manager);

const TrackSchema = defineEntity({ name: 'Track', properties: { id: p.integer().primary() } });
export class Track extends TrackSchema.class {}
TrackSchema.setClass(Track);
const PlaylistSchema = defineEntity({
  name: 'Playlist',
  properties: { id: p.integer().primary(), tracks: () => p.manyToMany(Track).fixedOrder() },
});
export class Playlist extends PlaylistSchema.class {}
PlaylistSchema.setClass(Playlist);
