import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { defineEntity, type EntityManager, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { isSoak } from '../../support/soak.js';

const Work = defineEntity({
  name: 'Work',
  properties: { code: p.text().primary(), title: p.text() },
});
const WorkOrder = defineEntity({
  name: 'WorkOrder',
  properties: { code: p.text().primary(), title: p.text() },
});
const Quoted = defineEntity({
  name: 'Quoted',
  properties: { code: p.text().primary(), title: p.text() },
});
/** Its key has two columns. */
const Slot = defineEntity({
  name: 'Slot',
  properties: { hall: p.text().primary(), place: p.text().primary(), title: p.text() },
});

/** Names in the trail that run together with keys. */
const NAMES = { Work: 'work', WorkOrder: 'work order', Quoted: ' "work", [\u{1F600}]/\n', Slot: '["work"]' };

const ALL_KEYS = [
  '1',
  ' 1',
  '1 ',
  'order 1',
  'order\n1',
  '"1"',
  '["1"]',
  '["order","1"]',
  '[]',
  '{"id":1}',
  'null',
  'a,b',
  'a/b',
  '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}',
  '\u{1F600} 1',
  ' ',
];

/** Each is tried together with each other one. */
const KEYS = isSoak ? ALL_KEYS : ALL_KEYS.slice(0, 9);

/** Parts that run together with each other. */
const PARTS = ['', ' ', 'a', 'a ', ' a', 'a,', '"', '","', '[', '["a"', 'a"]', '\n', '\u{1F600}'];

let app: AuditedApp;

beforeAll(async () => {
  app = await createAuditedApp({
    entities: [Work, WorkOrder, Quoted, Slot],
    options: {
      policies: [
        auditPolicy(Work, { name: NAMES.Work }),
        auditPolicy(WorkOrder, { name: NAMES.WorkOrder }),
        auditPolicy(Quoted, { name: NAMES.Quoted }),
        auditPolicy(Slot, { name: NAMES.Slot }),
      ],
    },
  });
});
beforeEach(() => app.oracle.clear());
afterAll(() => app.close());

const soon = (): Date => new Date(Date.now() + 60_000);

/** Creates, changes and deletes two entities, each in one flush with the other. */
async function live(create: (em: EntityManager) => readonly { title: string }[]): Promise<void> {
  const em = app.orm.em.fork();
  const entities = create(em);
  await em.flush();
  for (const entity of entities) {
    entity.title = 'changed';
  }
  await em.flush();
  for (const entity of entities) {
    em.remove(entity);
  }
  await em.flush();
}

/** The entity ids of the deletes, by the name of the class. */
async function deleted(): Promise<ReadonlySet<string>> {
  const rows = await app.orm.em
    .fork()
    .execute<{ entity_type: string; entity_id: string }[]>(
      `select entity_type, entity_id from audit_change where operation = 'delete'`,
    );
  return new Set(rows.map((row) => JSON.stringify([row.entity_type, row.entity_id])));
}

describe('rows whose names run together', () => {
  it.each(KEYS.map((key, i) => [JSON.stringify(key), key, i] as const))(
    'a row with the key %s beside those of other classes',
    async (_, key, at) => {
      const others = KEYS.slice(at);
      for (const other of others) {
        await live((em) => [
          em.create(Work, { code: key, title: 'x' }),
          em.create(WorkOrder, { code: other, title: 'y' }),
          em.create(Quoted, { code: key, title: 'z' }),
          ...(other === key ? [] : [em.create(Work, { code: other, title: 'w' })]),
        ]);
      }
      await app.oracle.verify();
      const names = others.flatMap((other) => [
        [NAMES.Work, key],
        [NAMES.WorkOrder, other],
        [NAMES.Quoted, key],
        [NAMES.Work, other],
      ]);
      expect(await deleted()).toEqual(new Set(names.map((name) => JSON.stringify(name))));
      expect(await app.reader.asOf(Quoted, key, soon())).toBeNull();
      for (const other of others) {
        expect(await app.reader.asOf(Work, other, soon())).toBeNull();
        expect(await app.reader.asOf(WorkOrder, other, soon())).toBeNull();
      }
    },
  );

  it.each(PARTS.map((part, i) => [JSON.stringify(part), part, i] as const))(
    'rows with composite keys that have the part %s',
    async (_, part, at) => {
      const others = PARTS.slice(at).flatMap((other) => [
        [part, other],
        [other, part],
      ]);
      const keys = [...new Map(others.map((key) => [JSON.stringify(key), key as [string, string]])).values()];
      await live((em) => [
        ...keys.map(([hall, place]) => em.create(Slot, { hall, place, title: 'x' })),
        ...keys.map((key) => em.create(Work, { code: JSON.stringify(key), title: 'x' })),
      ]);
      await app.oracle.verify();
      for (const key of keys) {
        expect(await app.reader.asOf(Slot, key, soon())).toBeNull();
      }
      expect(await deleted()).toEqual(
        new Set(
          keys.flatMap((key) =>
            [NAMES.Slot, NAMES.Work].map((name) => JSON.stringify([name, JSON.stringify(key)])),
          ),
        ),
      );
    },
  );

  it('one of two rows is deleted, and the other one is still there', async () => {
    const em = app.orm.em.fork();
    const work = em.create(Work, { code: 'order 1', title: 'x' });
    em.create(WorkOrder, { code: '1', title: 'y' });
    await em.flush();
    em.remove(work);
    await em.flush();
    expect(await app.reader.asOf(Work, 'order 1', soon())).toBeNull();
    expect(await app.reader.asOf(WorkOrder, '1', soon())).toMatchObject({ title: 'y' });
    await app.oracle.verify();
  });
});
