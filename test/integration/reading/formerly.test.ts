import { beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { type AuditModuleOptions, auditPolicy } from 'nestjs-mikro-audit';
import { createAuditedApp } from '../../support/audited-app.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Place = defineEntity({
  name: 'Place',
  embeddable: true,
  properties: { city: p.string().nullable() },
});
const Person = defineEntity({
  name: 'Person',
  properties: {
    id: p.integer().primary(),
    fullName: p.string(),
    home: () => p.embedded(Place).nullable(),
    boss: () => p.manyToOne(Person).nullable(),
  },
});
const Note = defineEntity({
  name: 'Note',
  properties: { id: p.integer().primary(), text: p.string(), person: () => p.manyToOne(Person) },
});

const policies = [
  auditPolicy(Person, {
    name: 'person',
    formerly: {
      names: ['user', 'member'],
      properties: { fullName: 'name', home: 'address', boss: ['manager'] },
    },
  }),
  auditPolicy(Note, { name: 'note', partOf: 'person' }),
];

const audited = useAuditedApp({
  entities: [Place, Person, Note],
  options: { policies },
  clear: false,
  verify: false,
});

describe('history under former names', () => {
  beforeAll(async () => {
    const em = audited.orm.em.fork();
    const ada = em.create(Person, { fullName: 'Ada', home: { city: 'Kiel' } });
    const bob = em.create(Person, { fullName: 'Bob', boss: ada });
    em.create(Note, { text: 'x', person: ada });
    await em.flush();
    // Turns the records so far into those of the version before.
    await audited.orm.em.getConnection().execute(`
      update audit_change set entity_type = 'user',
        after = after - '{fullName,home.city,boss}'::text[] || jsonb_build_object(
          'name', after->'fullName', 'address.city', after->'home.city', 'manager', after->'boss')
      where entity_type = 'person';
      update audit_change set part_of_type = 'user' where part_of_type = 'person'`);
    ada.fullName = 'Ada L.';
    await em.flush();
    bob.boss = null;
    await em.flush();
  });

  it('is one story under the new ones', async () => {
    const { items } = await audited.reader.history(Person, 1);
    expect(items.map(({ entityType }) => entityType)).toEqual(['person', 'person']);
    expect(items[1]?.after).toEqual({ id: 1, fullName: 'Ada', 'home.city': 'Kiel', boss: null });
    expect(items[1]?.fields.map(({ path }) => path).sort()).toEqual(['boss', 'fullName', 'home.city', 'id']);
    const revision = await audited.reader.revision(items[1]?.revision.id ?? '');
    expect(revision?.changes.map(({ entityType }) => entityType).sort()).toEqual([
      'note',
      'person',
      'person',
    ]);
    const { items: revisions } = await audited.reader.revisions({ order: 'oldest' });
    expect(revisions[0]?.counts).toEqual({ note: 1, person: 2 });
  });

  it('is searched', async () => {
    const searched = async (query: object) =>
      (await audited.reader.changes({ entity: Person, ...query })).items.map(({ entityId }) => entityId);
    expect(await searched({})).toEqual(['2', '1', '2', '1']);
    expect(await searched({ id: 1 })).toEqual(['1', '1']);
    expect(await searched({ property: 'fullName' })).toEqual(['1', '2', '1']);
    expect(await searched({ property: 'home' })).toEqual(['2', '1']);
    expect(await searched({ value: { property: 'fullName', to: { eq: 'Ada' } } })).toEqual(['1']);
    expect(await searched({ value: { property: 'home.city', to: { eq: 'Kiel' } } })).toEqual(['1']);
    const { items } = await audited.reader.changes({ partOf: { entity: Person, id: 1 } });
    expect(items.map(({ entityType, partOfType }) => [entityType, partOfType])).toEqual([
      ['person', null],
      ['note', 'person'],
      ['person', null],
    ]);
  });

  it('is looked back at', async () => {
    const { items } = await audited.reader.revisions({ order: 'oldest' });
    const at = { revision: items[0]?.id ?? '' };
    expect(await audited.reader.asOf(Person, 1, at)).toEqual({
      id: 1,
      fullName: 'Ada',
      home: { city: 'Kiel' },
      boss: null,
    });
    expect(await audited.reader.asOf(Person, 1, new Date())).toMatchObject({ fullName: 'Ada L.' });
    const { items: employees } = await audited.reader.findAsOf(Person, { boss: 1 }, at, {
      populate: ['boss'],
    });
    expect(employees).toMatchObject([{ fullName: 'Bob', boss: { fullName: 'Ada' } }]);
    const blame = await audited.reader.blame(Person, 1);
    expect(blame?.map(({ path, operation }) => [path, operation]).sort()).toEqual([
      ['boss', 'create'],
      ['fullName', 'update'],
      ['home.city', 'create'],
      ['id', 'create'],
    ]);
  });
});

describe('former names are refused at boot', () => {
  const boot = async (options: AuditModuleOptions) => {
    const app = await createAuditedApp({ entities: [Place, Person, Note], options });
    await app.close();
  };

  it.each([
    [
      [auditPolicy(Person, { formerly: { names: ['Note'] } }), auditPolicy(Note)],
      /formerly audited under the name "Note"/,
    ],
    [
      [
        auditPolicy(Person, { formerly: { names: ['x'] } }),
        auditPolicy(Note, { formerly: { names: ['x'] } }),
      ],
      /"x", under which Person has its history/,
    ],
    [[auditPolicy(Person, { formerly: { properties: { fullName: 'boss' } } })], /"boss" is a property, too/],
    [
      [auditPolicy(Person, { formerly: { properties: { nothing: 'x' } } as never })],
      /"nothing", which it does not have/,
    ],
  ])('%#', async (refused, message) => {
    await expect(boot({ policies: refused })).rejects.toThrow(message);
  });
});
