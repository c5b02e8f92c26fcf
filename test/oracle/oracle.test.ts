import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { writeTrail } from '../support/fixtures/hand-written-trail.js';
import { Crate, Label, Lift, Note, Slot, Truck, Vehicle, warehouse } from '../support/fixtures/warehouse.js';
import { createTestOrm } from '../support/orm.js';
import { installOracle, type Oracle, OracleError } from './oracle.js';

const RED = 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6';
const BLUE = '0c0ffee0-0000-4000-8000-000000000001';
const NOON = '2024-02-29T12:00:00.123Z';

/** All that `createCrate` stores, as the trail has it. */
const crateState = {
  id: '1',
  name: 'tea',
  weight: '1.50',
  ratio: 0.1,
  size: 0.1,
  sealed: false,
  madeAt: NOON,
  bestBefore: '2024-02-29',
  opensAt: '10:00:00',
  stamp: { $bytes: 'aGk=' },
  custom: { list: [1, '1', null], deep: { password: { $mask: { kind: 'redact' } } } },
  codes: ['a', 'b,c'],
  total: 6,
  'place.hallName': 'north',
  'place.position.rowNumber': 7,
  'place.position.since': NOON,
  origin: { hallName: 'south', position: { rowNumber: 1, since: NOON } },
  stops: [{ hallName: 'west', position: null }],
  labels: { $links: [BLUE, RED] },
  route: { $list: [RED, BLUE] },
};

describe('the oracle on PostgreSQL', () => {
  let database: TestDatabase;
  let orm: MikroORM;
  let oracle: Oracle;

  beforeAll(async () => {
    database = await createTestDatabase();
    orm = await createTestOrm({ url: database.url, entities: warehouse });
    oracle = await installOracle(orm, {
      entities: [
        { entity: Crate, ignore: ['secret'] },
        Slot,
        Lift,
        { entity: Vehicle, name: 'vehicle' },
        Truck,
        Note,
      ],
    });
  });

  beforeEach(() => oracle.clear());

  afterAll(async () => {
    await oracle.close();
    await orm.close(true);
    await database.drop();
  });

  async function createCrate(): Promise<void> {
    await orm.em.fork().transactional(async (em) => {
      const [red, blue] = [
        em.create(Label, { id: RED, text: 'red' }),
        em.create(Label, { id: BLUE, text: 'blue' }),
      ];
      em.create(Crate, {
        name: 'tea',
        weight: '1.5',
        ratio: 0.1,
        size: 0.1,
        madeAt: new Date(NOON),
        bestBefore: '2024-02-29',
        opensAt: '10:00:00',
        stamp: Buffer.from('hi'),
        custom: { list: [1, '1', null], deep: { password: 'x' } },
        codes: ['a', 'b,c'],
        secret: 'no trace',
        place: { hallName: 'north', position: { rowNumber: 7, since: new Date(NOON) } },
        origin: { hallName: 'south', position: { rowNumber: 1, since: new Date(NOON) } },
        stops: [{ hallName: 'west', position: null }],
        labels: [red, blue],
        route: [red, blue],
      });
      await em.flush();
      await writeTrail(em, [['Crate', '1', 'create', null, crateState]]);
    });
  }

  test('accepts a trail that is right, with values of every kind', async () => {
    await createCrate();
    await oracle.verify();
    await orm.em.fork().transactional(async (em) => {
      const crate = await em.findOneOrFail(Crate, '1', { populate: ['labels', 'route'] });
      const [red, blue] = [em.getReference(Label, RED), em.getReference(Label, BLUE)];
      Object.assign(crate, { name: 'coffee', secret: 'still none', weight: '1.500', place: null });
      crate.origin = { hallName: 'south', position: null };
      crate.labels.remove(red);
      crate.route.set([blue, red]);
      await em.flush();
      const before = {
        name: 'tea',
        total: 6,
        'place.hallName': 'north',
        'place.position.rowNumber': 7,
        'place.position.since': NOON,
        origin: crateState.origin,
        labels: { $links: [RED] },
        route: { $list: [RED, BLUE] },
      };
      const after = {
        name: 'coffee',
        total: 12,
        'place.hallName': null,
        'place.position.rowNumber': null,
        'place.position.since': null,
        origin: { hallName: 'south' },
        route: { $list: [BLUE, RED] },
      };
      await writeTrail(em, [['Crate', '1', 'update', before, after]]);
    });
    await oracle.verify();
  });

  test('knows composite keys, and links lost by a cascade of the database', async () => {
    await createCrate();
    await orm.em.fork().transactional(async (em) => {
      const crate = em.getReference(Crate, '1');
      const first = em.create(Slot, { crate, number: 1, labels: [em.getReference(Label, RED)] });
      em.create(Slot, { crate, number: 2, next: first });
      await em.flush();
      await writeTrail(em, [
        [
          'Slot',
          '["1","1"]',
          'create',
          null,
          { crate: '1', number: 1, next: null, labels: { $links: [RED] } },
        ],
        ['Slot', '["1","2"]', 'create', null, { crate: '1', number: 2, next: ['1', 1] }],
      ]);
    });
    await oracle.verify();
    await orm.em.fork().transactional(async (em) => {
      await em.nativeDelete(Label, RED);
      await writeTrail(em, [
        [
          'Crate',
          '1',
          'update',
          { labels: { $links: [RED] }, route: { $list: [RED, BLUE] } },
          { route: { $list: [BLUE] } },
        ],
        ['Slot', '["1","1"]', 'update', { labels: { $links: [RED] } }, {}],
      ]);
    });
    await oracle.verify();
  });

  test('knows the class of a row in a hierarchy, and relations to several classes', async () => {
    await orm.em.fork().transactional(async (em) => {
      em.create(Lift, { name: 'A', height: 3 });
      em.create(Vehicle, { name: 'cart' });
      const truck = em.create(Truck, { name: 'big', axles: 3 });
      await em.flush();
      em.create(Note, { text: 'hm', subject: truck });
      await em.flush();
      await writeTrail(em, [
        ['Lift', '1', 'create', null, { id: 1, kind: 'lift', name: 'A', height: 3 }],
        ['vehicle', '1', 'create', null, { id: 1, name: 'cart' }],
        ['Truck', '2', 'create', null, { id: 2, name: 'big', axles: 3 }],
        ['Note', '1', 'create', null, { id: 1, text: 'hm', subject: { type: 'vehicle', id: '2' } }],
      ]);
    });
    await oracle.verify();
    await orm.em.fork().transactional(async (em) => {
      const note = await em.findOneOrFail(Note, 1);
      note.subject = null;
      const truck = await em.findOneOrFail(Truck, 2);
      truck.name = 'bigger';
      await em.flush();
      await em.remove(truck).flush();
      await writeTrail(em, [
        ['Note', '1', 'update', { subject: { type: 'vehicle', id: 2 } }, { subject: null }],
        ['Truck', '2', 'delete', { id: 2, name: 'big', axles: 3 }, null],
      ]);
    });
    await oracle.verify();
  });

  test('does not see changes that were rolled back, as a whole or to a savepoint', async () => {
    const failing = orm.em.fork().transactional(async (em) => {
      em.create(Vehicle, { name: 'never' });
      await em.flush();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await orm.em.fork().transactional(async (em) => {
      await em.execute(`insert into vehicle (id, name) values (7, 'cart')`);
      await em.execute('savepoint s');
      await em.execute(`update vehicle set name = 'wagon' where id = 7`);
      await em.execute('rollback to savepoint s');
      await writeTrail(em, [['vehicle', '7', 'create', null, { id: 7, name: 'cart' }]]);
    });
    await oracle.verify();
  });

  test('reports in words what is missing from the trail', async () => {
    await createCrate();
    await orm.em.fork().nativeUpdate(Crate, '1', { weight: '2' });
    const findings = await oracle.findings();
    expect(findings.map(({ code }) => code)).toEqual(['lost change', 'replay differs']);
    const failing = oracle.verify();
    await expect(failing).rejects.toThrow(OracleError);
    await expect(failing).rejects.toThrow(
      /lost change: .* Crate \["1"\]: update \{weight="1.5"\} -> \{weight="2"\} is not in the trail/,
    );
  });

  test('takes rows from before its installation as given', async () => {
    const other = await createTestDatabase();
    const existing = await createTestOrm({ url: other.url, entities: warehouse });
    await existing.em.fork().execute(`insert into label (id, text) values ('${RED}', 'red')`);
    const late = await installOracle(existing, { except: [Note] });
    try {
      await late.verify();
      await existing.em.fork().nativeDelete(Label, RED);
      expect((await late.findings()).map(({ code }) => code)).toEqual(['lost change', 'replay differs']);
    } finally {
      await late.close();
      await existing.close(true);
      await other.drop();
    }
  });
});
