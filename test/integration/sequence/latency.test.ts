import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import type { INestApplicationContext } from '@nestjs/common';
import { sequenced } from '../../support/sequenced.js';
import { StatementLog } from '../../support/statement-log.js';
import { evidence, MemoryPublisher, newKey } from '../evidence/sealing-app.js';
import { Counted } from './sequence-app.js';
import { useSequence } from './use-sequence.js';

const suite = useSequence();
const TRIES = 9;

it('gives a change of another process its position within a second, at the median', async () => {
  await suite.boot();
  await sequenced(suite.app);
  const waits: number[] = [];
  for (let index = 0; index < TRIES; index += 1) {
    // At any moment of a pause of the sequencer, which gets longer while nothing comes.
    await pause(Math.random() * 1_500);
    await suite.count(1);
    const begin = performance.now();
    while ((await suite.order()).length === index);
    waits.push(performance.now() - begin);
  }
  waits.sort((a, b) => a - b);
  process.stderr.write(`\nmilliseconds until the position: ${waits.map(Math.round).join(', ')}\n`);
  expect(waits[Math.floor(TRIES / 2)]).toBeLessThan(1_000);
});

/** Flushes without a pause until `enough` says so, for ten seconds at most. */
async function writeUntil(app: INestApplicationContext, enough: () => Promise<boolean>): Promise<void> {
  const ending = new AbortController();
  let id = 0;
  const write = async () => {
    while (!ending.signal.aborted) {
      const em = app.get(MikroORM).em.fork();
      id += 1;
      em.create(Counted, { id, version: 1 });
      await em.flush();
    }
  };
  const writers = Promise.all([write(), write(), write()]);
  const until = performance.now() + 10_000;
  while (performance.now() < until && !(await enough()));
  ending.abort();
  await writers;
}

it('gives positions while its own process goes on writing', async () => {
  const app = await suite.boot();
  await sequenced(app);
  const sizes = new Set<number>();
  await writeUntil(app, async () => sizes.add((await suite.order()).length).size === 4);
  expect(sizes.size).toBe(4);
});

it('gathers what comes for its ticks and seals: none follows the one before at once', async () => {
  const app = await suite.boot({ evidence: evidence([newKey()], new MemoryPublisher()) });
  await sequenced(app);
  const begin = performance.now();
  let ticks = 0;
  await writeUntil(app, async () => {
    const { rows } = await suite.client.query('select count(*)::int as n from audit_tick');
    ticks = rows[0].n;
    return performance.now() > begin + 3_000;
  });
  expect(ticks).toBeGreaterThan(1);
  expect(ticks).toBeLessThanOrEqual((performance.now() - begin) / 400 + 2);
});

it('looks a few times in three seconds where nothing is written, and writes nothing', async () => {
  const statementLog = new StatementLog();
  await suite.boot({}, { driverOptions: statementLog.driverOptions });
  await suite.count(1);
  await sequenced(suite.app);
  // Other suites write in databases of the same server, which no look can tell from here: those looks find nothing and write nothing.
  const { rows: before } = await suite.client.query('select count(*)::int as n from audit_tick');
  statementLog.take();
  await pause(3_000);
  const sent = statementLog.take();
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.filter((sql) => sql.startsWith('begin')).length).toBeLessThanOrEqual(8);
  expect((await suite.client.query('select count(*)::int as n from audit_tick')).rows).toEqual(before);
});
