import { describe, expect, it } from '@jest/globals';
import { AuditSequencer } from 'nestjs-mikro-audit';
import pg from 'pg';
import { sequenced } from '../../support/sequenced.js';
import { NO_FAULT, orderFaults } from './given-order.js';
import { INSERT_CHANGE, useSequence } from './use-sequence.js';

const suite = useSequence();

/** Runs in a session of its own, and leaves it open until the end of the test. */
async function inOther(work: (other: pg.Client) => Promise<void>): Promise<void> {
  const other = new pg.Client(suite.url);
  await other.connect();
  try {
    await work(other);
  } finally {
    await other.end();
  }
}

const health = async () => {
  const [trail] = await suite.app.get(AuditSequencer).health();
  if (!trail) {
    throw new Error('There is no trail.');
  }
  return trail;
};
const ticks = async (kind: string) =>
  (await suite.client.query('select * from audit_tick where kind = $1 order by number', [kind])).rows;

describe('a sequencer', () => {
  it('is not held back by an open transaction, which gets its positions when it ends', async () => {
    await suite.boot();
    await inOther(async (other) => {
      await other.query('begin');
      await other.query(INSERT_CHANGE, ['7', 1]);
      await suite.count(1);
      await suite.count(1);
      await sequenced(suite.app);
      expect(await suite.order()).toEqual(['1:1', '1:2']);
      await other.query('commit');
      await sequenced(suite.app);
    });
    expect(await suite.order()).toEqual(['1:1', '1:2', '7:1']);
  });

  it('gives the change of a row that waited its place behind the one it waited for', async () => {
    await suite.boot();
    await suite.count(1);
    await inOther(async (other) => {
      // It is the older transaction, with the lower id.
      await other.query('begin');
      await other.query(INSERT_CHANGE, ['2', 1]);
      await suite.count(1);
      await other.query('update counted set version = version + 1 where id = 1');
      await other.query(
        `insert into audit_change (revision_id, recorded_at, actor_type, entity_type, entity_id, operation, after)
         select id, recorded_at, actor_type, entity_type, '1', operation, '{"version": 3}' from audit_change
         where transaction_id = pg_current_xact_id()`,
      );
      await other.query('commit');
    });
    await sequenced(suite.app);
    expect(await suite.order()).toEqual(['1:1', '1:2', '2:1', '1:3']);
  });

  it('keeps the order of the commits whatever the clocks say', async () => {
    await suite.boot();
    const hours = [3, -2, 0, 9, -9];
    for (const [index, hour] of hours.entries()) {
      await suite.client.query(
        `insert into audit_change (recorded_at, actor_type, outcome, entity_type, entity_id, operation, after)
         values (now() + $1 * interval '1 hour', 'system', 'success', 'counted', '1', 'update', jsonb_build_object('version', $2::int))`,
        [hour, index + 1],
      );
    }
    await sequenced(suite.app);
    expect(await suite.order()).toEqual(hours.map((_, index) => `1:${index + 1}`));
  });

  it('takes its turn when another one has written the same tick, and loses nothing', async () => {
    await suite.count(1);
    await suite.boot();
    await sequenced(suite.app);
    await inOther(async (other) => {
      // As a second leader would, who has the same lock because the table was made anew, or a pooler has lent its session.
      await other.query('begin isolation level repeatable read');
      await other.query(`insert into audit_tick (number, kind, snapshot, since, size, system_identifier)
        select number + 1, 'next', pg_current_snapshot(), snapshot, size, system_identifier from audit_tick order by number desc limit 1`);
      await suite.count(1);
      const { waiting } = await health();
      expect(waiting).toBe(1);
      await other.query('commit');
    });
    await sequenced(suite.app);
    await suite.count(1);
    await sequenced(suite.app);
    expect(await suite.order()).toEqual(['1:1', '1:2', '1:3']);
    expect(await orderFaults(suite.client)).toEqual(NO_FAULT);
  });

  it('is followed by another one when it goes, also when the server ends its session', async () => {
    const [first] = [await suite.boot(), await suite.boot()];
    await suite.count(1);
    await sequenced(suite.app);
    expect(await health()).toMatchObject({ isRunning: true, size: '1', waiting: 0, waitingSince: null });
    await suite.client.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
       and database = (select oid from pg_database where datname = current_database())`,
    );
    await suite.count(1);
    await sequenced(suite.app);
    await first?.close();
    await suite.count(1);
    await sequenced(suite.app);
    expect(await suite.order()).toEqual(['1:1', '1:2', '1:3']);
  });

  it('has one row of the trail of each tick, and none where nothing comes', async () => {
    await suite.boot();
    await suite.count(1);
    await sequenced(suite.app);
    const before = await ticks('next');
    for (const _ of before) {
      await suite.client.query('create table if not exists unrelated ()');
      await suite.client.query('drop table unrelated');
    }
    await suite.count(1);
    await sequenced(suite.app);
    expect((await ticks('next')).length).toBe(before.length + 1);
    expect(await ticks('beginning')).toHaveLength(1);
  });
});

describe('a trail that is older than its sequencer', () => {
  it('gets its positions in parts, in the order of its ids, while others write', async () => {
    await suite.client.query(
      `with rows as (
         insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, after)
         select 'system', 'success', 'counted', n % 10, 'update', jsonb_build_object('version', n / 10 + 1)
         from generate_series(0, 119999) n returning 1)
       select count(*) from rows`,
    );
    await inOther(async (other) => {
      await other.query('begin');
      await other.query(INSERT_CHANGE, ['77', 1]);
      await suite.boot();
      await sequenced(suite.app);
      await other.query('commit');
    });
    await sequenced(suite.app);
    expect(await orderFaults(suite.client)).toEqual(NO_FAULT);
    const parts = (await ticks('beginning')).map(({ size }) => size);
    expect(parts).toEqual(['50000', '100000', '120000']);
    expect((await suite.order()).at(-1)).toBe('77:1');
  });
});

describe('a trail that came from another server', () => {
  /** As a dump would: the rows have ids of transactions that have not been here, some of them above all that have. */
  const move = () =>
    suite.client.query(`update audit_change set transaction_id = (transaction_id::text::bigint + case when id % 2 = 0 then 5000000 else -100 end)::text::xid8;
      update audit_tick set system_identifier = 1`);

  it('begins anew behind what it has, with what was not in order yet', async () => {
    const first = await suite.boot();
    await suite.count(1);
    await suite.count(2);
    await sequenced(suite.app);
    await first.close();
    await suite.count(1);
    await suite.count(2);
    await move();
    await suite.boot();
    await sequenced(suite.app);
    await suite.count(1);
    await sequenced(suite.app);
    expect(await suite.order()).toEqual(['1:1', '2:1', '1:2', '2:2', '1:3']);
    expect(await orderFaults(suite.client)).toEqual(NO_FAULT);
    const [, again] = await ticks('beginning');
    expect(again).toMatchObject({ until_id: '4', size: '4' });
    expect(await ticks('late')).toEqual([]);
  });

  it('waits for those who write meanwhile, because nothing tells their rows from old ones', async () => {
    for (const id of [1, 2, 3, 4]) {
      await suite.count(id);
    }
    await move();
    await inOther(async (other) => {
      await other.query('begin');
      await other.query(INSERT_CHANGE, ['77', 1]);
      await suite.count(1);
      await suite.boot();
      const { lastTickAt, isRunning } = await health();
      expect([lastTickAt, isRunning]).toEqual([null, expect.any(Boolean)]);
      await other.query('commit');
    });
    await sequenced(suite.app);
    const order = await suite.order();
    expect(order).toHaveLength(6);
    expect(await orderFaults(suite.client)).toEqual(NO_FAULT);
  });
});

describe('a row with the id of a transaction that did not write it', () => {
  it.each([
    ['long ended', "'3'::xid8"],
    ['not begun', "'99999999999'::xid8"],
  ])('is found late, where that is %s', async (_, transaction) => {
    const first = await suite.boot();
    await suite.count(1);
    await sequenced(suite.app);
    await first.close();
    await suite.client.query(
      `insert into audit_change (transaction_id, actor_type, outcome, entity_type, entity_id, operation, after)
       values (${transaction}, 'system', 'success', 'counted', '9', 'update', '{"version": 1}')`,
    );
    await suite.count(1);
    await suite.boot();
    while ((await health()).lateTicks === 0) {
      await sequenced(suite.app);
    }
    expect(await suite.order()).toEqual(['1:1', '1:2', '9:1']);
    expect(await orderFaults(suite.client)).toEqual(NO_FAULT);
  });

  it('is found late, where it says to be a further change of a revision that is long committed', async () => {
    const first = await suite.boot();
    await suite.count(1);
    await sequenced(suite.app);
    await first.close();
    await suite.client.query(
      `insert into audit_change (revision_id, actor_type, entity_type, entity_id, operation, after)
       select min(id), 'system', 'counted', '9', 'update', '{"version": 1}' from audit_change`,
    );
    await suite.count(1);
    await suite.boot();
    while ((await health()).lateTicks === 0) {
      await sequenced(suite.app);
    }
    expect(await suite.order()).toEqual(['1:1', '1:2', '9:1']);
  });
});
