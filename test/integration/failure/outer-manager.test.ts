import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { trailOf } from '../../support/trail.js';

let audited: AuditedApp;

beforeAll(async () => {
  audited = await createAuditedApp({ entities: orderEntities, oracle: ordersOracle, poolMax: 1 });
});

beforeEach(async () => {
  await audited.oracle.clear();
});

afterAll(async () => {
  await audited.close();
});

/** Writes a tag with the outer EntityManager while a nested transaction runs, which is a savepoint on its connection. */
async function writeInside(outcome: 'released' | 'rolled back'): Promise<void> {
  const em = audited.orm.em.fork() as EntityManager;
  await em.transactional(async (outer) => {
    outer.create(Tag, { name: 'before' });
    await outer.flush();
    const nested = outer.transactional(async (inner) => {
      inner.create(Tag, { name: 'inner' });
      await inner.flush();
      outer.create(Tag, { name: 'outer' });
      await outer.flush();
      if (outcome === 'rolled back') {
        throw new Error('inner');
      }
    });
    await (outcome === 'rolled back' ? expect(nested).rejects.toThrow('inner') : nested);
  });
}

describe('an outer EntityManager that is used inside a nested transaction', () => {
  it('has its changes recorded when the nested transaction is released', async () => {
    await writeInside('released');
    expect(await trailOf(audited)).toHaveLength(3);
    await audited.oracle.verify();
  });

  it('has no change recorded that the savepoint took with it', async () => {
    await writeInside('rolled back');
    expect(await trailOf(audited)).toEqual([['Tag', '1', 'create']]);
    await audited.oracle.verify();
  });
});
