import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RestoreConflictKind, RestorePlan } from 'nestjs-mikro-audit';
import { Order, SHOP_HASH_KEY, shop, shopOracle } from '../../support/fixtures/shop.js';
import { byId, PRELUDE, perform, type Step, snapshot, step } from '../../support/fixtures/shop-history.js';
import { RANDOM_TIMEOUT, randomRuns } from '../../support/random-runs.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const ACCEPT_ALL: readonly RestoreConflictKind[] = [
  'changed-since',
  'changed-unrecorded',
  'target-gone',
  'still-referenced',
  'entity-gone',
  'entity-exists',
];

const history = fc.array(step, { minLength: 5, maxLength: 15 });
const runs = randomRuns(6);

const audited = useAuditedApp({
  entities: shop,
  options: { hashKey: SHOP_HASH_KEY },
  oracle: shopOracle,
  clear: false,
});

/** @returns the revisions, oldest first */
async function makeHistory(steps: readonly Step[]): Promise<readonly string[]> {
  await audited.oracle.clear();
  let em = audited.orm.em.fork();
  for (const action of [...PRELUDE, ...steps, { do: 'flush' } as const]) {
    await perform(em, action);
    if (action.do === 'flush' || steps.indexOf(action as Step) % 2 === 0) {
      await em.flush();
      em = audited.orm.em.fork();
    }
  }
  const { items } = await audited.reader.revisions({ order: 'oldest', limit: 500 });
  return items.map(({ id }) => id);
}

/** The part of an order that a restore can bring back, whatever has been deleted since. */
async function orderAt(id: number, revision: string) {
  const state = await audited.reader.asOf(Order, id, { revision }, { populate: ['lines'] });
  return (
    state && {
      ...state,
      lines: (state.lines ?? []).map(({ id: line, quantity }) => ({ id: line, quantity })).sort(byId),
    }
  );
}

async function newestRevision(): Promise<string> {
  const { items } = await audited.reader.revisions({ limit: 1 });
  return items[0]?.id ?? '';
}

function goneIds({ conflicts }: RestorePlan, path: string): ReadonlySet<string> {
  return new Set(
    conflicts.flatMap((conflict) =>
      conflict.kind === 'target-gone' && conflict.path === path ? conflict.targetIds : [],
    ),
  );
}

describe('after a random history', () => {
  it(
    'an order and its lines are restored to what they were after any revision',
    async () => {
      await fc.assert(
        fc.asyncProperty(history, fc.nat(), fc.nat({ max: 3 }), async (steps, pick, place) => {
          const revisions = await makeHistory(steps);
          const revision = revisions[pick % revisions.length] ?? '';
          const { items } = await audited.reader.changes({ entity: [Order], operation: 'create' });
          const ids = [...new Set(items.map(({ entityId }) => Number(entityId)))];
          const id = ids[place % ids.length] ?? 0;
          const was = await orderAt(id, revision);
          const plan = await audited.restorer.plan(Order, id, {
            to: { revision },
            withChildren: true,
            accept: ACCEPT_ALL,
          });
          fc.pre(!plan.blocked);
          const { revisionId } = await audited.restorer.apply(JSON.parse(JSON.stringify(plan)));
          await audited.oracle.verify();
          const is = await orderAt(id, await newestRevision());
          const [gone, goneRoute] = [goneIds(plan, 'tags'), goneIds(plan, 'route')];
          expect(is).toEqual(
            was && {
              ...was,
              tags: was.tags?.filter((tag) => !gone.has(String(tag))),
              route: was.route?.filter((tag) => !goneRoute.has(String(tag))),
              customer: goneIds(plan, 'customer').size > 0 ? null : was.customer,
            },
          );
          if (revisionId !== null) {
            expect((await audited.reader.revision(revisionId))?.restoredRevisionId).toBe(revision);
          }
        }),
        { ...runs, endOnFailure: true },
      );
    },
    RANDOM_TIMEOUT,
  );

  it(
    'an order that is deleted with its lines is undeleted with them',
    async () => {
      await fc.assert(
        fc.asyncProperty(history, fc.nat({ max: 5 }), async (steps, pick) => {
          await makeHistory(steps);
          const em = audited.orm.em.fork();
          const orders = await em.find(Order, {}, { populate: ['lines'], orderBy: { id: 1 } });
          const order = orders[pick % Math.max(orders.length, 1)];
          fc.pre(order !== undefined);
          const before = await snapshot(audited.orm.em.fork());
          const { id } = order;
          em.remove([...order.lines.getItems(), order]);
          await em.flush();
          await audited.restorer.apply(
            await audited.restorer.planUndelete(Order, id, { withChildren: true }),
          );
          await audited.oracle.verify();
          expect(await snapshot(audited.orm.em.fork())).toEqual(before);
        }),
        { ...runs, endOnFailure: true },
      );
    },
    RANDOM_TIMEOUT,
  );

  it(
    'a revision is undone, and undoing that brings everything back',
    async () => {
      await fc.assert(
        fc.asyncProperty(history, fc.nat(), async (steps, pick) => {
          const revisions = await makeHistory(steps);
          const recent = revisions.slice(-4);
          const revision = recent[pick % recent.length] ?? '';
          const before = await snapshot(audited.orm.em.fork());
          const plan = await audited.restorer.planUndo(revision);
          fc.pre(!plan.blocked);
          const { revisionId } = await audited.restorer.apply(plan);
          await audited.oracle.verify();
          fc.pre(revisionId !== null);
          const again = await audited.restorer.planUndo(revisionId);
          await audited.restorer.apply(again);
          await audited.oracle.verify();
          expect(await snapshot(audited.orm.em.fork())).toEqual(before);
        }),
        { ...runs, endOnFailure: true },
      );
    },
    RANDOM_TIMEOUT,
  );
});
