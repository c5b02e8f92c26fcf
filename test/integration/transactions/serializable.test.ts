import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, IsolationLevel, p } from '@mikro-orm/core';
import { MikroORM } from '@mikro-orm/postgresql';
import { AuditPostgreSqlDriver, auditPolicy } from 'nestjs-mikro-audit';
import { testOrmOptions } from '../../support/orm.js';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Parcel = defineEntity({
  name: 'Parcel',
  tableName: 'parcel',
  properties: { id: p.integer().primary(), state: p.text(), note: p.text() },
});

const LANES = 4;
const ROUNDS = 12;
/** So many rows that lanes are pages apart in the table and in its index. */
const ROWS = 4_000;
const SERIALIZABLE = { isolationLevel: IsolationLevel.SERIALIZABLE };
const driver = AuditPostgreSqlDriver;

describe('serializable transactions that touch no row of each other', () => {
  const audited = useAuditedApp({
    entities: [Parcel],
    options: { policies: [auditPolicy(Parcel, { name: 'parcel' })] },
    poolMax: LANES,
    orm: { driver },
    clear: false,
    verify: false,
  });
  let unaudited: MikroORM;

  beforeAll(async () => {
    const options = { url: audited.url, entities: [Parcel], poolMax: LANES, orm: { driver } };
    unaudited = await MikroORM.init(testOrmOptions(options));
    await audited.orm.em
      .getConnection()
      .execute(`insert into parcel select n, 'new', repeat('x', 200) from generate_series(1, ${ROWS}) n`);
    await audited.orm.em.getConnection().execute('vacuum analyze parcel');
  });
  afterAll(() => unaudited.close(true));

  /** Each transaction of a lane changes two rows; all lanes are open at the same time. Resolves to how many failed. */
  async function failures(orm: MikroORM, state: string): Promise<number> {
    let failed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const changed = Promise.withResolvers<void>();
      let open = LANES;
      const lane = (number: number) =>
        orm.em.fork().transactional(async (em) => {
          const first = number * (ROWS / LANES) + 1 + round * 2;
          for (const id of [first, first + 1]) {
            (await em.findOneOrFail(Parcel, id)).state = state;
          }
          await em.flush();
          open -= 1;
          if (open === 0) changed.resolve();
          await changed.promise;
        }, SERIALIZABLE);
      const ended = await Promise.allSettled(Array.from({ length: LANES }, (_, number) => lane(number)));
      failed += ended.filter(({ status }) => status === 'rejected').length;
    }
    return failed;
  }

  it.each([
    ['empty', 'truncate audit_change'],
    // PostgreSQL then reads the table from end to end, and an index of it no more than that.
    ['small', 'analyze audit_change'],
    [
      'large',
      `insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, after)
       select 'system', 'success', 'parcel', n::text, 'create', '{}' from generate_series(1, 50000) n`,
    ],
  ])('succeed as they do without auditing, while the trail is %s', async (state, prepare) => {
    await audited.orm.em.getConnection().execute(prepare);
    const before = (await trailOf(audited)).length;
    expect(await failures(unaudited, `${state} without`)).toBe(0);
    expect(await failures(audited.orm, state)).toBe(0);
    expect((await trailOf(audited)).length - before).toBe(2 * LANES * ROUNDS);
  });
});
