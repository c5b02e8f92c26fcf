import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { auditPolicy } from 'nestjs-mikro-audit';
import { RANDOM_TIMEOUT, randomRuns } from '../../support/random-runs.js';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Land = defineEntity({
  name: 'Land',
  properties: { code: p.string().primary(), name: p.string() },
});

const app = useAuditedApp({
  entities: [Land],
  options: { policies: [auditPolicy(Land, { name: 'land' })] },
});

type Step = readonly [action: 'create' | 'change' | 'rename' | 'delete', from: string, to: string];

const code = fc.constantFrom('aa', 'bb', 'cc', 'dd', 'ee', 'ff', 'gg');
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('create', 'change', 'rename', 'rename', 'delete'),
  code,
  code,
);

/**
 * Steps of one transaction, each with a flush. A row takes keys that no other row has had in the transaction, or its own
 * first one again; what the table does not allow is left out.
 */
async function takeSteps(steps: readonly Step[], em: EntityManager): Promise<void> {
  const lands = await em.find(Land, {});
  const firstKeys = new Map(lands.map((land) => [land, land.code]));
  const seen = new Set(firstKeys.values());
  for (const [number, [action, from, to]] of steps.entries()) {
    const land = lands.find((each) => each.code === from);
    if (action === 'create' && !seen.has(from)) {
      lands.push(em.create(Land, { code: from, name: `new ${number}` }));
      seen.add(from);
    } else if (action === 'change' && land) {
      land.name = `changed ${number}`;
    } else if (action === 'rename' && land && (!seen.has(to) || firstKeys.get(land) === to)) {
      land.code = to;
      seen.add(to);
    } else if (action === 'delete' && land) {
      em.remove(land);
      lands.splice(lands.indexOf(land), 1);
    }
    await em.flush();
  }
}

describe('keys that change over the flushes of one transaction', () => {
  it(
    'are recorded as what became of each row',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 4 }),
          async (transactions) => {
            await app.oracle.clear();
            const em = app.orm.em.fork() as EntityManager;
            em.create(Land, { code: 'aa', name: 'A' });
            em.create(Land, { code: 'bb', name: 'B' });
            await em.flush();
            for (const steps of transactions) {
              await em.fork().transactional((inner) => takeSteps(steps, inner));
            }
            await app.oracle.verify();
          },
        ),
        randomRuns(40),
      );
    },
    RANDOM_TIMEOUT,
  );

  it('and a value that changes beside them is one change under the key that the row had', async () => {
    app.em.create(Land, { code: 'bb', name: 'B' });
    await app.em.flush();
    await app.orm.em.fork().transactional(async (em) => {
      const land = await em.findOneOrFail(Land, 'bb');
      land.code = 'cc';
      await em.flush();
      land.name = 'N';
      await em.flush();
    });
    await app.orm.em.fork().transactional(async (em) => {
      const land = await em.findOneOrFail(Land, 'cc');
      land.code = 'dd';
      await em.flush();
      land.code = 'cc';
      await em.flush();
    });
    expect(await trailOf(app)).toEqual([
      ['land', 'bb', 'create'],
      ['land', 'bb', 'update'],
    ]);
    expect((await app.reader.history(Land, 'bb')).items[0]).toMatchObject({
      before: { code: 'bb', name: 'B' },
      after: { code: 'cc', name: 'N' },
      renamedTo: 'cc',
    });
  });

  it('are told from a deleted row that had the key before', async () => {
    const inTransaction = (work: (em: EntityManager) => Promise<unknown>) =>
      app.orm.em.fork().transactional(async (em) => void (await work(em as EntityManager)));
    const rename = (from: string, to: string) =>
      inTransaction(async (em) => {
        (await em.findOneOrFail(Land, from)).code = to;
      });
    const remove = (from: string) =>
      inTransaction(async (em) => em.remove(await em.findOneOrFail(Land, from)));
    for (const name of ['A', 'A']) {
      await inTransaction(async (em) => em.create(Land, { code: 'aa', name }));
      await rename('aa', 'cc');
      await remove('cc');
    }
    await inTransaction(async (em) => em.create(Land, { code: 'aa', name: 'A' }));
    await rename('aa', 'cc');
    await rename('cc', 'dd');
    const changes = (await app.reader.changes({ order: 'oldest' })).items;
    expect(changes.map(({ entityId, operation }) => `${operation} ${entityId}`)).toEqual([
      ...['create aa', 'update aa', 'delete cc'],
      ...['create aa', 'update aa', 'delete cc'],
      ...['create aa', 'update aa', 'update cc'],
    ]);
  });
});
