import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditPolicy } from 'nestjs-mikro-audit';
import pg from 'pg';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { AuditedOrder } from './order-twins.js';
import { explain, type QueryCost } from './query-plan.js';
import { isAuditStatement, SentStatements } from './sent-statements.js';

const CHANGES = 50_000;
/** Every 10th change is of the entity 1, the others are spread over 5,000 entities. */
const FILL = `
insert into audit_change (actor_type, actor_id, outcome, correlation_id, entity_type, entity_id, operation, before, after)
select 'user', (n % 100)::text, 'success', 'c' || n, 'order', (case when n % 10 = 0 then 1 else 2 + n % 5000 end)::text, 'update',
  '{"status": "open", "price": "12.50"}', '{"status": "closed", "price": "13.75"}'
from generate_series(1, ${CHANGES}) n order by n`;

describe('a page of 50 changes of an entity', () => {
  const sent = new SentStatements();
  let client: pg.Client;
  // Before the app closes, which drops the database.
  afterAll(() => client.end());
  const app = useAuditedApp({
    entities: [AuditedOrder],
    options: { policies: [auditPolicy(AuditedOrder, { name: 'order' })] },
    orm: { driverOptions: sent.driverOptions },
    clear: false,
    verify: false,
  });

  beforeAll(async () => {
    client = new pg.Client({ connectionString: app.url });
    await client.connect();
    await client.query(FILL);
    await client.query('vacuum analyze audit_change');
  });

  /** Asks the reader for a page and PostgreSQL for what the reader's own statements cost. */
  const page = async (
    id: number,
    cursor: string | null,
  ): Promise<{ cost: QueryCost; others: readonly QueryCost[]; next: string | null }> => {
    sent.take();
    const { nextCursor } = await app.reader.history(AuditedOrder, id, { limit: 50, cursor });
    const [cost, ...others] = await Promise.all(
      sent
        .take()
        .filter(isAuditStatement)
        .map((statement) => explain(client, statement)),
    );
    if (!cost) {
      throw new Error('The reader has asked nothing.');
    }
    return { cost, others, next: nextCursor };
  };

  it('comes from the index of the entity, however many changes there are', async () => {
    const { cost, others } = await page(1, null);
    expect(others).toEqual([]);
    expect(cost.scans[0]?.name).toMatch(/audit_change_entity_idx/);
    // A page of the table for each change, and nothing of its revision.
    expect(cost.buffers).toBeLessThanOrEqual(60);
  });

  it('touches as few buffers far back as at first', async () => {
    const first = await page(1, null);
    let last = first;
    for (let depth = 0; depth < 60 && last.next !== null; depth++) {
      last = await page(1, last.next);
    }
    expect(last.next).not.toBeNull();
    expect(last.cost.buffers).toBeLessThan(first.cost.buffers * 1.25 + 10);
  });

  it('touches few buffers for an entity with few changes', async () => {
    const { cost, others } = await page(77, null);
    expect(cost.rows).toBeLessThan(20);
    expect(cost.buffers).toBeLessThan(80);
    // Its history does not begin with a create: it may have had another key.
    expect(others).toHaveLength(1);
    expect(others[0]?.buffers).toBeLessThan(10);
  });
});
