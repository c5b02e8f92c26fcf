import { defineEntity, p, ref, Type } from '@mikro-orm/core';
import type { Mapping } from './mapping.js';

class UpperCase extends Type<string, string> {
  override convertToDatabaseValue(value: string): string {
    return value.toUpperCase();
  }

  override convertToJSValue(value: string): string {
    return value.toLowerCase();
  }

  override getColumnType(): string {
    return 'text';
  }
}

const Airport = defineEntity({
  name: 'Airport',
  properties: { code: p.type(UpperCase).primary(), name: p.string() },
});
const Flight = defineEntity({
  name: 'Flight',
  properties: {
    number: p.bigint('string').primary(),
    day: p.date().primary(),
    from: () => p.manyToOne(Airport),
    via: () => p.manyToMany(Airport),
  },
});
const convertedKeys: Mapping = {
  title: 'keys of custom, big and date types',
  entities: [Airport, Flight],
  create(em) {
    const [one, other] = ['abc', 'def'].map((code) => em.create(Airport, { code, name: code } as never));
    const flight = em.create(Flight, { number: '9007199254740993', day: '2020-02-29', from: one } as never);
    flight.via.add(other as never);
  },
  updates: [
    async (em) => {
      (await em.findOneOrFail(Airport, { name: 'abc' })).name = 'other';
      const [flight] = await em.findAll(Flight, { populate: ['via'] });
      const [one, other] = await em.findAll(Airport, { orderBy: { code: 1 } });
      Object.assign(flight ?? {}, { from: other });
      flight?.via.set([one as never]);
    },
  ],
  async remove(em) {
    em.remove(await em.findAll(Flight));
  },
};

const Region = defineEntity({
  name: 'Region',
  properties: { country: p.string().primary(), code: p.string().primary(), name: p.string() },
});
const City = defineEntity({
  name: 'City',
  properties: {
    id: p.integer().primary(),
    country: p.string(),
    region: () => p.manyToOne(Region).joinColumns('country', 'region_code').nullable(),
  },
});
const overlapping: Mapping = {
  title: 'a reference that shares a column with a property',
  entities: [Region, City],
  create(em) {
    const region = em.create(Region, { country: 'de', code: 'by', name: 'b' });
    em.create(Region, { country: 'de', code: 'nw', name: 'n' });
    em.create(City, { id: 1, country: 'de', region });
  },
  updates: [
    async (em) => {
      (await em.findOneOrFail(City, 1)).region = em.getReference(Region, ['de', 'nw']) as never;
    },
  ],
  async remove(em) {
    em.remove(await em.findAll(City));
  },
};

const Animal = defineEntity({
  name: 'Animal',
  embeddable: true,
  abstract: true,
  discriminatorColumn: 'kind',
  properties: { kind: p.string(), name: p.string() },
});
const Cat = defineEntity({
  name: 'Cat',
  embeddable: true,
  extends: Animal,
  discriminatorValue: 'cat',
  properties: { lives: p.integer().nullable() },
});
const Dog = defineEntity({
  name: 'Dog',
  embeddable: true,
  extends: Animal,
  discriminatorValue: 'dog',
  properties: { barks: p.boolean().nullable() },
});
const Owner = defineEntity({
  name: 'Owner',
  properties: {
    id: p.integer().primary(),
    pet: () => p.embedded([Cat, Dog]),
    pets: () => p.embedded([Cat, Dog]).array(),
    stored: () => p.embedded([Cat, Dog]).object().nullable(),
  },
});
const polymorphicEmbeddables: Mapping = {
  title: 'embeddables of several classes',
  entities: [Owner],
  others: [Animal, Cat, Dog],
  create(em) {
    const cat = { kind: 'cat', name: 'c', lives: 9 };
    em.create(Owner, { id: 1, pet: cat, pets: [cat, { kind: 'dog', name: 'd' }], stored: cat } as never);
  },
  updates: [
    async (em) => {
      const owner = await em.findOneOrFail(Owner, 1);
      const dog = { kind: 'dog', name: 'd', barks: true };
      em.assign(owner, { pet: dog, pets: [dog], stored: dog } as never, { mergeEmbeddedProperties: false });
    },
  ],
  async remove(em) {
    em.remove(await em.findAll(Owner));
  },
};

const Image = defineEntity({
  name: 'Image',
  properties: {
    id: p.integer().primary(),
    marks: () => p.manyToMany(Mark).pivotTable('marks').discriminator('kind'),
  },
});
const Video = defineEntity({
  name: 'Video',
  properties: {
    id: p.integer().primary(),
    marks: () => p.manyToMany(Mark).pivotTable('marks').discriminator('kind'),
  },
});
const Mark = defineEntity({ name: 'Mark', properties: { id: p.integer().primary(), text: p.string() } });
const sharedLinks: Mapping = {
  title: 'links of several classes in one table',
  entities: [Image, Video, Mark],
  create(em) {
    const marks = [1, 2].map((id) => em.create(Mark, { id, text: `m${id}` }));
    em.create(Image, { id: 1 }).marks.add(marks);
    em.create(Video, { id: 1 }).marks.add(marks[0] as never);
  },
  updates: [
    async (em) => {
      const image = await em.findOneOrFail(Image, 1, { populate: ['marks'] });
      image.marks.remove(em.getReference(Mark, 1));
      (await em.findOneOrFail(Video, 1)).marks.set([em.getReference(Mark, 2)]);
    },
  ],
  async remove(em) {
    const video = await em.findOneOrFail(Video, 1, { populate: ['marks'] });
    video.marks.removeAll();
  },
};

const Ticket = defineEntity({
  name: 'Ticket',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => '00000000-0000-4000-8000-000000000001'),
    state: p.enum(['open', 'done']).nativeEnumName('ticket_state').default('open'),
    text: p.string().ref().lazy().nullable(),
    span: p.interval().nullable(),
    numbers: p.array<number>(Number).columnType('int[]').nullable(),
  },
});
const typed: Mapping = {
  title: 'native enums, types of PostgreSQL, scalar references',
  entities: [Ticket],
  create(em) {
    em.create(Ticket, { text: ref('a'), span: '1 day', numbers: [1, 2] } as never);
  },
  updates: [
    async (em) => {
      const [ticket] = await em.findAll(Ticket, { populate: ['text'] });
      ticket?.text?.set('b');
      Object.assign(ticket ?? {}, { state: 'done', numbers: [] });
    },
  ],
  async remove(em) {
    em.remove(await em.findAll(Ticket));
  },
};

export const cornerMappings: readonly Mapping[] = [
  convertedKeys,
  overlapping,
  polymorphicEmbeddables,
  sharedLinks,
  typed,
];
