import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Order, SHOP_HASH_KEY, shop, shopOracle } from '../../support/fixtures/shop.js';
import {
  byId,
  PRELUDE,
  perform,
  type Row,
  type Step,
  snapshot,
  step,
} from '../../support/fixtures/shop-history.js';
import { RANDOM_TIMEOUT, randomRuns } from '../../support/random-runs.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const audited = useAuditedApp({
  entities: shop,
  options: { hashKey: SHOP_HASH_KEY },
  oracle: shopOracle,
  clear: false,
});

const POPULATE = ['customer', 'tags', 'route', 'lines'] as const;

async function past(revision: string): Promise<readonly Row[]> {
  const { items } = await audited.reader.findAsOf(
    Order,
    {},
    { revision },
    { populate: POPULATE, limit: 500 },
  );
  return items
    .map((state) => ({
      id: state.id,
      title: state.title,
      address: state.address,
      extra: state.extra,
      parcel: state.parcel,
      customer: state.customer ? { id: state.customer.id, name: state.customer.name } : null,
      tags: (state.tags ?? []).map(({ id, name }) => ({ id, name })).sort(byId),
      route: (state.route ?? []).map(({ id, name }) => ({ id, name })),
      lines: (state.lines ?? []).map(({ id, quantity }) => ({ id, quantity })).sort(byId),
    }))
    .sort(byId);
}

/** The steps of one transaction: up to each flush, or the third step. */
function groupsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups: Step[][] = [[]];
  for (const action of steps) {
    groups.at(-1)?.push(action);
    if (action.do === 'flush' || groups.at(-1)?.length === 3) {
      groups.push([]);
    }
  }
  return groups;
}

describe('after a random history', () => {
  it(
    'every revision gives back the tables as they were after it, with their relations',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
          await audited.oracle.clear();
          const recorded = new Map<string, readonly Row[]>();
          for (const group of groupsOf([...PRELUDE, ...steps])) {
            // A transaction has one revision, however often it is flushed.
            await audited.orm.em.fork().transactional(async (em) => {
              for (const action of group) {
                await perform(em, action);
                await em.flush();
              }
            });
            const [newest] = (await audited.reader.revisions({ limit: 1 })).items;
            if (newest && !recorded.has(newest.id)) {
              recorded.set(newest.id, await snapshot(audited.orm.em.fork()));
            }
          }
          await audited.oracle.verify();
          const { items: all } = await audited.reader.revisions({ limit: 500 });
          expect([...recorded.keys()].sort()).toEqual(all.map(({ id }) => id).sort());
          for (const [revision, rows] of recorded) {
            expect(await past(revision)).toEqual(rows);
          }
        }),
        randomRuns(25),
      );
    },
    RANDOM_TIMEOUT,
  );
});
