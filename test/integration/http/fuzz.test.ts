import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import fc from 'fast-check';
import { Case, Client } from '../../support/fixtures/law-firm.js';
import { RANDOM_TIMEOUT, randomRuns } from '../../support/random-runs.js';
import { isSoak } from '../../support/soak.js';
import { hostileRequests, statusOf } from './hostile-requests.js';
import { ADAPTERS, createLawFirmApp, type LawFirmApp } from './law-firm-app.js';

/** The memory that code and caches of 10,000 requests may take; a leak of a kilobyte for each takes as much again. */
const MOST_GROWTH = 8 * 1024 * 1024;
const RUNS = { ...randomRuns(120), includeErrorInReport: true };

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe.each(ADAPTERS)('hostile requests to %s', (adapter) => {
  let firm: LawFirmApp;
  const logged: unknown[] = [];

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter);
    const log = (...told: unknown[]) => void logged.push(told);
    firm.app.useLogger({ log: () => undefined, warn: log, error: log, fatal: log });
    const em = firm.orm.em.fork();
    for (const tenant of ['a', 'b']) {
      await firm.context.run({ metadata: { tenant } }, async () => {
        em.create(Client, { tenant, name: tenant });
        const one = em.create(Case, {
          tenant,
          title: tenant,
          extra: { a: { b: 1 } },
          place: { city: 'Kiel' },
        });
        await em.flush();
        one.title = 'later';
        await em.flush();
      });
    }
  });
  afterAll(async () => {
    firm?.app.useLogger(false);
    await firm?.close();
  });

  const usedMemory = (): number => {
    // They are kept for tests that count them.
    firm.statements.take();
    collectGarbage();
    return getHeapStatistics().used_heap_size;
  };

  it(
    `fail for no fault of the server, leave nothing in its log and nothing in its memory (${RUNS.numRuns})`,
    async () => {
      const url = await firm.app.getUrl();
      const document = SwaggerModule.createDocument(firm.app, new DocumentBuilder().build());
      const statuses = new Map<number | null, number>();
      let sent = 0;
      let before = 0;
      await fc.assert(
        fc.asyncProperty(hostileRequests(document), async (one) => {
          const status = await statusOf(url, one);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          sent += 1;
          if (sent % 500 === 0) {
            firm.statements.take();
          }
          if (sent === Math.ceil(RUNS.numRuns / 4)) {
            before = usedMemory();
          }
          expect(status ?? 0).toBeLessThan(500);
          expect(logged).toEqual([]);
        }),
        RUNS,
      );
      const growth = usedMemory() - before;
      if (isSoak) {
        console.info(
          `${sent} hostile requests to ${adapter}: ${JSON.stringify([...statuses].toSorted())}, ${(growth / 1024 / 1024).toFixed(1)} MB more live memory`,
        );
      }
      expect(growth).toBeLessThan(MOST_GROWTH);
      expect((await firm.get('/changes')).status).toBe(200);
    },
    RANDOM_TIMEOUT,
  );
});
