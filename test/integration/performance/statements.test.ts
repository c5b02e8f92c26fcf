import { describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { isSoak } from '../../support/soak.js';
import { revisionCount } from '../../support/trail.js';
import { type AuditedSuiteOptions, useAuditedApp } from '../../support/use-audited-app.js';
import { AuditedOrder, changeOrders, createOrders, PlainOrder, type Twin } from './order-twins.js';
import { bytesOf, isAuditStatement, SentStatements, sentText } from './sent-statements.js';

const policies = [auditPolicy(AuditedOrder, { name: 'order' })];
const entities = [AuditedOrder, PlainOrder];

const MANY = isSoak ? 10_000 : 2_000;

/** An app with orders and their unaudited twins, and what it sends. */
function useOrders(
  given: Pick<AuditedSuiteOptions, 'oracle' | 'verify'> & {
    readonly maxBufferedChanges?: number;
    readonly maxValueBytes?: number;
  },
) {
  const sent = new SentStatements();
  const { oracle = {}, verify = false, ...limits } = given;
  const app = useAuditedApp({
    entities,
    options: { policies, ...limits },
    oracle,
    verify,
    orm: { driverOptions: sent.driverOptions },
  });
  /** Runs work in a fork and returns what it has sent. */
  const sending = async (work: (em: EntityManager) => Promise<unknown>) => {
    sent.take();
    await work(app.orm.em.fork());
    return sent.take();
  };
  return { app, sending };
}

/** Inserts, updates and deletes, each with one flush. */
async function lifeOf(em: EntityManager, entity: Twin, count: number): Promise<void> {
  const orders = createOrders(em, entity, count);
  await em.flush();
  changeOrders(orders, 1);
  await em.flush();
  for (const order of orders) {
    em.remove(order);
  }
  await em.flush();
}

describe('what an audited transaction sends more', () => {
  // Nothing to verify here: only the counts matter, and the triggers of the oracle are slow for so many rows.
  const { app, sending } = useOrders({ oracle: { entities: [] } });

  it.each([1, 100, MANY])(
    'is one statement for %d inserts, updates or deletes',
    async (count) => {
      const plain = await sending((em) => lifeOf(em, PlainOrder, count));
      const audited = await sending((em) => lifeOf(em, AuditedOrder, count));
      // Three transactions.
      expect(audited.filter(isAuditStatement)).toHaveLength(3);
      expect(audited).toHaveLength(plain.length + 3);
      expect(await revisionCount(app)).toBe(3);
    },
    90_000,
  );

  it('is one statement for many flushes of one transaction', async () => {
    const work = (entity: Twin) => (em: EntityManager) =>
      em.transactional(async (inner) => {
        for (let round = 0; round < 20; round++) {
          createOrders(inner, entity, 5);
          await inner.flush();
        }
      });
    const plain = await sending(work(PlainOrder));
    const audited = await sending(work(AuditedOrder));
    expect(audited).toHaveLength(plain.length + 1);
    expect(await revisionCount(app)).toBe(1);
  });

  it('is nothing when nothing audited changes', async () => {
    const sent = await sending((em) => lifeOf(em, PlainOrder, 10));
    expect(sent.filter(isAuditStatement)).toEqual([]);
  });

  it('is small, and has every value once', async () => {
    const updates = 100;
    let orders: ReturnType<typeof createOrders> = [];
    const sent = await sending(async (em) => {
      orders = createOrders(em, AuditedOrder, updates);
      changeOrders(orders, 8);
      await em.flush();
      changeOrders(orders, 9);
      await em.flush();
    });
    const [, statement] = sent.filter(isAuditStatement);
    expect(statement).toBeDefined();
    if (statement) {
      expect((bytesOf(statement) - statement.text.length) / updates).toBeLessThan(240);
      const text = sentText(statement);
      const occurrences = (value: string) => text.split(value).length - 1;
      for (const { status, price, updatedAt } of orders) {
        const values = [status, price, updatedAt.toISOString()];
        expect([...values, status.replace('s9', 's8'), price.replace(/^9/, '8')].map(occurrences)).toEqual([
          1, 1, 1, 1, 1,
        ]);
      }
      // Unchanged values are not sent.
      expect(text).not.toMatch(/Replace the pump|WO-2026/);
    }
  });

  it('stays below 400 bytes of heap and TOAST for an update of 3 fields', async () => {
    const updates = MANY;
    const connection = app.orm.em.getConnection();
    await sending(async (em) => {
      const orders = createOrders(em, AuditedOrder, updates);
      await em.flush();
      await connection.execute('truncate audit_change');
      changeOrders(orders, 1);
      await em.flush();
    });
    const [size]: { bytes: number; rows: number }[] = await connection.execute(
      `select pg_table_size('audit_change')::int as bytes, count(*)::int as rows from audit_change`,
    );
    expect(size?.rows).toBe(updates);
    expect((size?.bytes ?? 0) / updates).toBeLessThanOrEqual(400);
  });
});

describe('a transaction above maxBufferedChanges', () => {
  const { app, sending } = useOrders({
    oracle: { entities: [{ entity: AuditedOrder, name: 'order' }] },
    verify: { merged: false },
    maxBufferedChanges: 100,
  });

  it('sends one statement each time the bound is reached, under one revision', async () => {
    const sent = await sending((em) =>
      em.transactional(async (inner) => {
        for (let flush = 0; flush < 25; flush++) {
          createOrders(inner, AuditedOrder, 10);
          await inner.flush();
        }
      }),
    );
    expect(sent.filter(isAuditStatement)).toHaveLength(Math.ceil(250 / 100));
    expect(await revisionCount(app)).toBe(1);
  });

  it('never sends more than that, however large the flushes are', async () => {
    const sent = await sending((em) => lifeOf(em, AuditedOrder, 250));
    expect(sent.filter(isAuditStatement).length).toBeLessThanOrEqual(3 * Math.ceil(250 / 100));
    expect(await revisionCount(app)).toBe(3);
  });
});

describe('a transaction of very large changes', () => {
  const MEBIBYTE = 1_024 * 1_024;
  /** The capacity of one statement, in characters. */
  const BOUND = 16 * MEBIBYTE;
  const NOTES = 2 * MEBIBYTE;
  const { app, sending } = useOrders({
    // It would compare tens of megabytes; that the values are all there is asked of PostgreSQL.
    oracle: { entities: [] },
    maxValueBytes: 16 * MEBIBYTE,
  });

  it('sends as many statements as their size takes, under one revision', async () => {
    const count = 9;
    const sent = await sending(async (em) => {
      for (const order of createOrders(em, AuditedOrder, count)) {
        order.notes = 'x'.repeat(NOTES);
      }
      await em.flush();
    });
    const statements = sent.filter(isAuditStatement);
    expect(statements).toHaveLength(Math.ceil((count * NOTES) / BOUND));
    for (const statement of statements) {
      // The change that exceeds the bound is the last one.
      expect(bytesOf(statement)).toBeLessThan(BOUND + NOTES);
    }
    expect(await revisionCount(app)).toBe(1);
    expect(
      await app.orm.em.getConnection().execute(
        `select count(*)::int as changes, count(distinct coalesce(revision_id, id))::int as revisions,
             sum(length(after ->> 'notes'))::int as characters from audit_change`,
      ),
    ).toEqual([{ changes: count, revisions: 1, characters: count * NOTES }]);
  });
});
