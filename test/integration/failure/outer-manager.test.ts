import { describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import { orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const audited = useAuditedApp({ entities: orderEntities, oracle: ordersOracle, poolMax: 1 });

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
  });

  it('has no change recorded that the savepoint took with it', async () => {
    await writeInside('rolled back');
    expect(await trailOf(audited)).toEqual([['Tag', '1', 'create']]);
  });
});
