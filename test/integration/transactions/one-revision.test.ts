import { describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/core';
import type { EntityManager as SqlEntityManager } from '@mikro-orm/postgresql';
import { Order, orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { CHANGES, REVISIONS, revisionCount } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

describe('a transaction that writes its changes at several times has one revision', () => {
  const audited = useAuditedApp({
    entities: orderEntities,
    oracle: ordersOracle,
    options: { maxBufferedChanges: 1 },
    verify: { merged: false },
  });
  const addTag = async (em: EntityManager, name: string) => {
    em.create(Tag, { name });
    await em.flush();
  };

  it('also where the trail came from another server, with the same transaction ids', async () => {
    audited.skipOracle();
    const connection = audited.orm.em.getConnection();
    await connection.execute(
      `insert into audit_change (recorded_at, actor_type, actor_id, outcome, entity_type, entity_id, operation, after, transaction_id)
       select '2020-01-01', 'user', 'old', 'success', 'Tag', 'old', 'create', '{}', (pg_current_xact_id()::text::bigint + n)::text::xid8
       from generate_series(1, 9) n`,
    );
    await audited.em.transactional(async (em) => {
      await addTag(em, 'a');
      await em.transactional((inner) => addTag(inner, 'b'));
      await addTag(em, 'c');
    });
    expect(
      await connection.execute(
        `select distinct r.id = min(c.id) over () as is_first, r.actor_id, c.actor_id as copied
         from ${CHANGES} c join ${REVISIONS} r on r.id = c.of_revision where c.entity_id <> 'old'`,
      ),
    ).toEqual([{ is_first: true, actor_id: null, copied: null }]);
  });

  it('also where its forks flush at the same time', async () => {
    await audited.em.transactional(async (em) => {
      const forks = ['a', 'b', 'c'].map((name) => ({
        name,
        fork: em.fork({ keepTransactionContext: true }),
      }));
      await Promise.all(forks.map(({ name, fork }) => addTag(fork, name)));
    });
    expect(await revisionCount(audited)).toBe(1);
  });

  it('also where MikroORM has not begun it, nor its savepoint', async () => {
    const transaction = await (audited.em as SqlEntityManager).getKysely().startTransaction().execute();
    const outer = audited.orm.em.fork();
    outer.setTransactionContext(transaction);
    await addTag(outer, 'a');
    const inner = audited.orm.em.fork();
    inner.setTransactionContext(await transaction.savepoint('inner').execute());
    inner.create(Order, { title: 'b', price: '1.00', views: 0 });
    await inner.flush();
    await transaction.commit().execute();
    expect(await revisionCount(audited)).toBe(1);
  });
});
