import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  DeadlockException,
  DriverException,
  defineEntity,
  IsolationLevel,
  p,
  UniqueConstraintViolationException,
} from '@mikro-orm/core';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { AuditCaptureError, auditPolicy } from 'nestjs-mikro-audit';
import pg from 'pg';
import { testOrmOptions } from '../../support/orm.js';
import { trailOf } from '../../support/trail.js';
import { untilBlocked } from '../../support/until-blocked.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { FaultLine } from './fault-line.js';

const Doc = defineEntity({
  name: 'Doc',
  tableName: 'doc',
  properties: { id: p.integer().primary(), title: p.text() },
});
const Exact = defineEntity({
  name: 'Exact',
  tableName: 'exact',
  properties: { id: p.integer().primary(), title: p.text() },
});
type Titled = typeof Doc | typeof Exact;

const REPEATABLE = { isolationLevel: IsolationLevel.REPEATABLE_READ };
const line = new FaultLine();
// A connection that is not given back stops everything.
const orm = {
  driverOptions: {
    ...line.driverOptions,
    options: '-c deadlock_timeout=100',
    connectionTimeoutMillis: 5_000,
  },
};
const audited = useAuditedApp({
  entities: [Doc, Exact],
  options: {
    policies: [auditPolicy(Doc, { name: 'doc' }), auditPolicy(Exact, { name: 'exact', exact: true })],
  },
  poolMax: 1,
  orm,
});
let unaudited: MikroORM;
let other: pg.Client;

beforeAll(async () => {
  const options = testOrmOptions({ url: audited.url, entities: [Doc, Exact], poolMax: 1, orm });
  unaudited = await MikroORM.init(options);
});
afterAll(() => unaudited.close(true));

beforeEach(async () => {
  for (const entity of [Doc, Exact]) {
    audited.em.create(entity, { id: 1, title: 'a' });
    audited.em.create(entity, { id: 2, title: 'a' });
  }
  await audited.em.flush();
  other = new pg.Client(audited.url);
  await other.connect();
  // Deadlocks are found by whoever waits long enough, and that is to be ours.
  await other.query("set deadlock_timeout = '1min'");
});
afterEach(() => other.end());

/** Of work that waits for the transaction of `other`, which has changed row 1. */
async function timeout(
  kind: 'lock_timeout' | 'statement_timeout',
  em: EntityManager,
  entity: Titled,
  work: () => Promise<unknown>,
): Promise<unknown> {
  await em.execute(`set ${kind} = '300ms'`);
  await changeRowOf(entity);
  const error = await failureOf(work());
  await em.execute(`reset ${kind}`);
  return error;
}

/** The row that work will wait for. */
async function changeRowOf(entity: Titled): Promise<void> {
  await other.query('begin');
  await other.query(`update ${entity.meta.tableName} set title = 'x' where id = 1`);
}

function update(em: EntityManager, entity: Titled): Promise<void> {
  em.getReference(entity, 1).title = 'b';
  return em.flush();
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

/** Ways for a change of row 1 to run into somebody else. Without auditing the update itself runs into them. */
const CONFLICTS: readonly (readonly [
  title: string,
  sqlState: string,
  run: (em: EntityManager, entity: Titled) => Promise<unknown>,
])[] = [
  [
    'a lock timeout of a flush',
    '55P03',
    (em, entity) => timeout('lock_timeout', em, entity, () => update(em, entity)),
  ],
  [
    'a lock timeout of a transaction',
    '55P03',
    (em, entity) =>
      timeout('lock_timeout', em, entity, () =>
        em.transactional(async (inner) => {
          inner.getReference(entity, 1).title = 'b';
        }),
      ),
  ],
  [
    'a statement timeout',
    '57014',
    (em, entity) => timeout('statement_timeout', em, entity, () => update(em, entity)),
  ],
  [
    'a lost connection',
    '57P01',
    async (em, entity) => {
      await changeRowOf(entity);
      const failure = failureOf(update(em, entity));
      await untilBlocked(audited.url);
      await other.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      return failure;
    },
  ],
  [
    'a unique violation',
    '23505',
    async (em, entity) => {
      await other.query('begin');
      await other.query(`insert into ${entity.meta.tableName} (id, title) values (3, 'x')`);
      em.create(entity, { id: 3, title: 'b' });
      const failure = failureOf(em.flush());
      await untilBlocked(audited.url);
      await other.query('commit');
      const error = await failure;
      await other.query(`delete from ${entity.meta.tableName} where id = 3`);
      return error;
    },
  ],
  [
    'a serialization failure of a flush',
    '40001',
    async (em, entity) => {
      await em.execute("set default_transaction_isolation = 'repeatable read'");
      await changeRowOf(entity);
      const failure = failureOf(update(em, entity));
      await untilBlocked(audited.url);
      await other.query('commit');
      const error = await failure;
      await em.execute('reset default_transaction_isolation');
      return error;
    },
  ],
  [
    'a serialization failure of a transaction',
    '40001',
    (em, entity) =>
      failureOf(
        em.transactional(async (inner) => {
          await inner.execute('select 1 from doc');
          await other.query(`update ${entity.meta.tableName} set title = 'x'`);
          inner.getReference(entity, 1).title = 'b';
        }, REPEATABLE),
      ),
  ],
  [
    'a deadlock',
    '40P01',
    async (em, entity) => {
      const { tableName } = entity.meta;
      await changeRowOf(entity);
      let waiting: Promise<unknown> | undefined;
      const error = await failureOf(
        em.transactional(async (inner) => {
          await inner.execute(`select 1 from ${tableName} where id = 2 for update`);
          waiting = other.query(`update ${tableName} set title = 'x' where id = 2`);
          await untilBlocked(audited.url);
          inner.getReference(entity, 1).title = 'b';
        }),
      );
      await waiting;
      return error;
    },
  ],
];

describe.each([
  ['', Doc],
  [' of an exact entity', Exact],
] as const)('a conflict%s', (_of, entity) => {
  it.each(CONFLICTS)('%s (%s) is the one that it is without auditing', async (_title, sqlState, run) => {
    const without = await run(unaudited.em.fork(), entity);
    expect(without).toBeInstanceOf(DriverException);
    expect(without).toMatchObject({ code: sqlState });
    await other.query('rollback');
    line.release();

    const before = await trailOf(audited);
    const error = await run(audited.orm.em.fork() as EntityManager, entity);
    await other.query('rollback');
    line.release();
    const isOfStatement = without instanceof UniqueConstraintViolationException;
    if (isOfStatement || without instanceof DeadlockException) {
      expect(error).toBeInstanceOf(without.constructor);
      expect(error).toMatchObject({ code: sqlState });
    } else {
      expect(error).toBeInstanceOf(AuditCaptureError);
      const { cause } = error as AuditCaptureError;
      expect(cause).toBeInstanceOf(DriverException);
      expect(cause).toMatchObject({ code: sqlState });
    }
    expect(await trailOf(audited)).toEqual(before);
    audited.skipOracle();
  });
});
