import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from './database.js';
import { StatementLog } from './statement-log.js';

const Note = defineEntity({
  name: 'Note',
  properties: { id: p.integer().primary(), text: p.string() },
});

interface NoteTable {
  readonly note: { readonly id: number };
}

describe('StatementLog', () => {
  const log = new StatementLog();
  let database: TestDatabase;
  let orm: MikroORM;

  beforeAll(async () => {
    database = await createTestDatabase();
    orm = await MikroORM.init({
      clientUrl: database.url,
      entities: [Note],
      driverOptions: log.driverOptions,
    });
    await orm.schema.create();
  });

  beforeEach(() => {
    log.take();
  });

  afterAll(async () => {
    await orm.close(true);
    await database.drop();
  });

  test('has the statements of an implicit flush in order, on one connection', async () => {
    const em = orm.em.fork();
    em.create(Note, { text: 'a' });
    await em.flush();
    const logged = log.takeLogged();
    expect(logged.map(({ text }) => text.split(' ')[0])).toEqual(['begin', 'insert', 'commit']);
    expect(new Set(logged.map(({ pid }) => pid)).size).toBe(1);
    expect(logged[0]?.pid).toBeGreaterThan(0);
    expect(log.take()).toEqual([]);
  });

  test('includes savepoints and statements of a Kysely transaction', async () => {
    await orm.em.fork().transactional(async (em) => {
      await em.transactional(async (inner) => {
        await inner.getKysely<NoteTable>().selectFrom('note').select('id').execute();
      });
    });
    expect(log.take()).toEqual([
      'begin',
      'savepoint "trx1"',
      'select "id" from "note"',
      'release "trx1"',
      'commit',
    ]);
  });

  test('has statements that fail, and the rollback', async () => {
    const failing = orm.em.fork().transactional((em) => em.execute('select 1/0'));
    await expect(failing).rejects.toThrow(/division by zero/);
    expect(log.take()).toEqual(['begin', 'select 1/0', 'rollback']);
  });

  test('includes statements read through a cursor', async () => {
    const em = orm.em.fork();
    for await (const _ of em.stream(Note, {})) {
      break;
    }
    expect(log.take().filter((text) => text.startsWith('select'))).toHaveLength(1);
  });

  test('keeps the connections of parallel work apart', async () => {
    await Promise.all([1, 2].map(() => orm.em.fork().execute('select pg_sleep(0.05)')));
    const logged = log.takeLogged();
    expect(logged).toHaveLength(2);
    expect(new Set(logged.map(({ pid }) => pid)).size).toBe(2);
  });
});
