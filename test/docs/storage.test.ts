import { beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../support/use-audited-app.js';
import { readProjectFile } from './markdown.js';

const PAGE = 'docs/04-considerations/storage-and-cost.md';
const UPDATES = 1000;

const JobSchema = defineEntity({
  name: 'Job',
  properties: {
    id: p.integer().primary(),
    status: p.string(),
    price: p.decimal().precision(12).scale(2),
    due: p.datetime(),
    note: p.text(),
  },
});
class Job extends JobSchema.class {}
JobSchema.setClass(Job);

const REQUEST = {
  actor: { type: 'user', id: '96d40df6-7c11-4158-a571-ff5f696022e8', label: 'Anna Berg' },
  action: 'work-order.change',
  correlationId: '54aead0a-701d-499e-80a0-518b43a6cfbb',
  origin: {
    source: 'http',
    ip: '127.0.0.1',
    userAgent:
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
    method: 'PATCH',
    route: '/work-orders/:id',
    handler: 'WorkOrdersController.change',
  },
} as const;

describe(`${PAGE} says what 1,000 updates of three properties cost`, () => {
  const policies = [auditPolicy(Job, { name: 'job' })];
  const audited = useAuditedApp({ entities: [Job], options: { policies }, clear: false, verify: false });

  beforeAll(async () => {
    const em = audited.orm.em.fork();
    for (let index = 0; index < UPDATES; index++) {
      em.create(Job, { status: 'open', price: '480.00', due: new Date('2027-01-12T05:30:00Z'), note: '' });
    }
    await em.flush();
  });

  /** Statements sent by the updates, without those that load. */
  async function update(status: string, isOneTransaction: boolean): Promise<number> {
    await execute('truncate audit_change');
    audited.statements.take();
    await audited.context.run(REQUEST, async () => {
      let em = audited.orm.em.fork();
      for (let id = 1; id <= UPDATES; id++) {
        const job = await em.findOneOrFail(Job, id);
        job.status = status;
        job.price = `${id}.50`;
        job.due = new Date(Date.UTC(2027, isOneTransaction ? 1 : 2, 1, 0, id));
        if (!isOneTransaction) {
          await em.flush();
          em = audited.orm.em.fork();
        }
      }
      await em.flush();
    });
    return audited.statements.take().filter((statement) => !statement.startsWith('select')).length;
  }

  async function execute<Row>(sql: string): Promise<Row[]> {
    return audited.orm.em.getConnection().execute(sql);
  }

  it('in statements', async () => {
    expect(await update('on-hold', true)).toBe(7);
    expect(await update('in-progress', false)).toBe(4000);
    expect(readProjectFile(PAGE)).toMatch(
      /send 4,000 statements instead of 3,000; in one\s+transaction 7 instead of 6/,
    );
  });

  /** Bytes for each of the updates, of the table and of its indexes; one that has no entry has a page, too. */
  async function sizes(): Promise<number[]> {
    await execute('vacuum full audit_change');
    const [size] = await execute<{ heap: string; indexes: string }>(
      `select pg_table_size('audit_change') as heap, sum(pg_relation_size(indexrelid)) as indexes
       from pg_index where indrelid = 'audit_change'::regclass and pg_relation_size(indexrelid) > 8192`,
    );
    return [Number(size?.heap) / UPDATES, Number(size?.indexes) / UPDATES];
  }

  it('in bytes', async () => {
    await update('closed', false);
    const ofRevisions = await sizes();
    await update('on-hold', true);
    const measured = [...ofRevisions, ...(await sizes())];
    // The goal for a change of three properties.
    expect(measured[2]).toBeLessThan(400);
    if (process.env.AUDIT_SHOW_FIGURES !== undefined) {
      console.info(measured);
    }
    const told = [...readProjectFile(PAGE).matchAll(/^\| (?:a|its) .* \| (\d+) \|$/gm)].map(([, bytes]) =>
      Number(bytes),
    );
    expect(told).toHaveLength(measured.length);
    for (const [index, bytes] of measured.entries()) {
      expect(bytes / (told[index] ?? 0)).toBeGreaterThan(0.85);
      expect(bytes / (told[index] ?? 0)).toBeLessThan(1.15);
    }
  });
});
