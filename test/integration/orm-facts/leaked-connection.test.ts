import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import type { Pool, PoolClient } from 'pg';
import { rollBackAtStart } from '../../../libs/audit/src/capture/orm/transaction-start.js';
import { useFactsOrm } from './facts-orm.js';

const Task = defineEntity({
  name: 'Task',
  properties: { id: p.integer().primary(), title: p.text() },
});

let latest: PoolClient | undefined;

// MikroORM would wait for the lost connection when it closes, so the test gives it back.
const facts = useFactsOrm([Task], {
  poolMax: 1,
  orm: {
    driverOptions: {
      connectionTimeoutMillis: 300,
      onPoolCreated: (pool: Pool) => {
        pool.on('acquire', (client) => {
          latest = client;
        });
      },
    },
  },
});

describe('a pool of one connection', () => {
  it('has it again after an error before the commit', async () => {
    facts.em.create(Task, { title: 'new' });
    facts.listen('beforeTransactionCommit', refuse);
    await expect(facts.em.flush()).rejects.toThrow('refused');
    expect(await facts.orm.em.fork().count(Task)).toBe(0);
  });

  it('has it again after an error in afterTransactionStart whose listener has rolled back', async () => {
    const undone: unknown[] = [];
    facts.em.create(Task, { title: 'new' });
    facts.listen('afterTransactionRollback', ({ transaction }) => void undone.push(transaction));
    facts.listen('afterTransactionStart', async ({ em, transaction }) => {
      await rollBackAtStart(em, transaction);
      refuse();
    });
    await expect(facts.em.flush()).rejects.toThrow('refused');
    expect(undone).toHaveLength(1);
    expect(await facts.orm.em.fork().count(Task)).toBe(0);
  });

  it('has lost it for ever after an error in afterTransactionStart', async () => {
    facts.em.create(Task, { title: 'new' });
    facts.listen('afterTransactionStart', refuse);
    await expect(facts.em.flush()).rejects.toThrow('refused');
    await expect(facts.orm.em.fork().count(Task)).rejects.toThrow(/timeout/i);
    latest?.release(true);
  });
});

function refuse(): never {
  throw new Error('refused');
}
