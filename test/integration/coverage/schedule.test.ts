import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import type { INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuditBaseline, AuditHealth, AuditMetrics, AuditModule, type CheckStatus } from 'nestjs-mikro-audit';
import { testOrmOptions } from '../../support/orm.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Nurse, Patient, Unaudited, Ward } from './use-hospital.js';

const entities = [Ward, Nurse, Patient, Unaudited];
const HOUR = 3_600;

/** The status when it is as wanted. */
async function untilStatus(
  app: INestApplicationContext,
  isWanted: (status: CheckStatus) => boolean,
): Promise<CheckStatus> {
  for (;;) {
    const [status] = await app.get(AuditHealth).status();
    if (status && isWanted(status)) {
      return status;
    }
    await pause(20);
  }
}

const roundsSince =
  (time: number) =>
  ({ lastRound }: CheckStatus): boolean =>
    (lastRound?.startedAt.getTime() ?? 0) >= time;

describe('a check on a schedule', () => {
  const hospital = useAuditedApp({
    entities,
    clear: false,
    verify: false,
    options: { check: { every: 1 } },
  });
  const run = (sql: string) => hospital.orm.em.fork().execute(sql);

  it('goes through everything, and says that all is well', async () => {
    const em = hospital.orm.em.fork();
    em.create(Nurse, { id: 1, name: 'Anna' });
    em.create(Nurse, { id: 2, name: 'Bert' });
    await em.flush();
    const health = hospital.app.get(AuditHealth);
    const { lastRound, verdict } = await untilStatus(hospital.app, roundsSince(Date.now()));
    expect({ verdict, lastRound }).toMatchObject({
      verdict: 'clean',
      lastRound: { rows: 2, changes: 2, entities: 2, counts: { differs: 0 }, entityTypes: {} },
    });
    expect(await health.isHealthy()).toEqual({ audit: { status: 'up', default: 'clean' } });
    expect(hospital.app.get(AuditMetrics).counts()).toMatchObject({ findings: 0 });
  });

  it('finds what somebody has written past it, until it is settled', async () => {
    const health = hospital.app.get(AuditHealth);
    await run(
      `update nurse set name = 'Mallory' where id = 2; insert into ward (id, name) values (9, 'Nowhere')`,
    );
    const { lastRound } = await untilStatus(hospital.app, roundsSince(Date.now()));
    expect(lastRound).toMatchObject({
      counts: { differs: 1, 'not-recorded': 1 },
      entityTypes: { Nurse: 1, Ward: 1 },
    });
    expect(await health.isHealthy('trail')).toEqual({ trail: { status: 'down', default: 'found' } });
    expect(hospital.app.get(AuditMetrics).counts().findings).toBeGreaterThan(0);
    await run(`update nurse set name = 'Bert' where id = 2`);
    await hospital.app.get(AuditBaseline).run();
    await untilStatus(hospital.app, ({ verdict }) => verdict === 'clean');
  });

  it('leaves its turns in the trail, as the system', async () => {
    const { items } = await hospital.reader.revisions({ action: 'audit.check', limit: 2, order: 'oldest' });
    expect(items).toMatchObject([
      {
        actor: { type: 'system', id: 'audit-check' },
        outcome: 'success',
        metadata: { check: { endedAt: null } },
      },
      { outcome: 'success', metadata: { check: { endedAt: expect.any(String) } } },
    ]);
    expect(JSON.stringify(await hospital.reader.revisions({ action: 'audit.check' }))).not.toMatch(/Mallory/);
  });
});

describe('of several processes', () => {
  const first = useAuditedApp({ entities, verify: false, options: { check: { every: HOUR } } });
  const opened: INestApplicationContext[] = [];
  afterEach(async () => {
    for (const app of opened.splice(0)) {
      await app.close();
    }
  });

  /** Another process of the same app, on its database. */
  async function another(): Promise<INestApplicationContext> {
    const module = await Test.createTestingModule({
      imports: [
        MikroOrmModule.forRoot(testOrmOptions({ url: first.url, entities })),
        AuditModule.forRoot({ check: { every: HOUR } }),
      ],
    }).compile();
    opened.push(await module.init());
    return module;
  }

  const turns = () =>
    first.orm.em
      .fork()
      .execute(
        `select metadata -> 'check' -> 'endedAt' <> 'null' as ended from audit_change where action = 'audit.check' order by id`,
      );

  it('one takes each turn, and all tell how it stands', async () => {
    const others = [await another(), await another(), await another()];
    const statuses = await Promise.all(
      [first.app, ...others].map((app) => untilStatus(app, ({ lastRound }) => lastRound !== null)),
    );
    expect(new Set(statuses.map((status) => JSON.stringify(status))).size).toBe(1);
    expect(await turns()).toEqual([{ ended: false }, { ended: true }]);
    const taken = [first.app, ...others].map((app) => app.get(AuditMetrics).counts().checks);
    expect(taken.reduce((sum, one) => sum + one)).toBe(1);
  });

  it('the next one goes on where one was killed', async () => {
    const em = first.orm.em.fork();
    for (const id of [1, 2, 3]) {
      em.create(Nurse, { id, name: `Nurse ${id}` });
    }
    await em.flush();
    const killed = {
      form: 1,
      beganAt: new Date(Date.now() - 2 * HOUR * 1_000).toISOString(),
      endedAt: null,
      failure: null,
      since: '0',
      news: null,
      resume: JSON.stringify(['Nurse', 'table', '1']),
      round: {
        startedAt: new Date(0).toISOString(),
        endedAt: null,
        entities: 10,
        changes: 20,
        rows: 30,
        counts: { 'not-recorded': 0, gone: 0, differs: 0, contradiction: 0 },
        entityTypes: {},
      },
      lastRound: null,
    };
    await first.orm.em
      .fork()
      .execute(
        `insert into audit_change (actor_type, outcome, action, metadata) values ('system', 'success', 'audit.check', ?)`,
        [JSON.stringify({ check: killed })],
      );
    const { lastRound, verdict } = await untilStatus(await another(), (status) => status.lastRound !== null);
    // The three that are new, then the rows behind the first one.
    expect({ verdict, lastRound }).toMatchObject({
      verdict: 'clean',
      lastRound: { startedAt: new Date(0), entities: 13, changes: 23, rows: 32 },
    });
  });
});
