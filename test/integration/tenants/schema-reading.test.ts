import { describe, expect, it } from '@jest/globals';
import { RequestContext, ref } from '@mikro-orm/core';
import { AuditHttpModule } from 'nestjs-mikro-audit/http';
import { Bill, Country, Customer, Line, Rate, Tag } from '../../support/fixtures/agency.js';
import { HeaderPolicy } from '../http/law-firm-app.js';
import { registerHttpFlows } from './schema-http-flows.js';
import { useAgencies } from './use-agencies.js';

const { app, at, open, tell } = useAgencies({
  imports: [AuditHttpModule.forRoot({ access: new HeaderPolicy() })],
});

const ACME = { schema: 'acme' } as const;
const now = () => new Date(Date.now() + 1_000);

describe('reading what is in the schema of a tenant', () => {
  it('is of the schema that is given, or that the running EntityManager has', async () => {
    await tell();
    const names = async (options = {}) =>
      (await app.reader.history(Customer, 1, options)).items.map(({ after }) => after?.name);
    expect(await names(ACME)).toEqual(['renamed', 'customer of acme']);
    expect(await names({ schema: 'zeta' })).toEqual([undefined, 'customer of zeta']);
    const within = (schema: string, work: () => Promise<unknown>) =>
      RequestContext.create(app.orm.em.fork({ schema }), work);
    expect(await within('acme', () => names())).toEqual(['renamed', 'customer of acme']);
    expect(await within('acme', () => names({ schema: 'zeta' }))).toEqual([undefined, 'customer of zeta']);
    expect(await names({ schema: 'unknown' })).toEqual([]);
  });

  it('is refused where nothing says which schema, and where a schema would mean nothing', async () => {
    await tell();
    const refused = { code: 'AUDIT_INVALID_QUERY' };
    const asked: readonly (() => Promise<unknown>)[] = [
      () => app.reader.history(Customer, 1),
      () => app.reader.asOf(Customer, 1, now()),
      () => app.reader.findAsOf(Customer, { name: 'renamed' }, now()),
      () => app.reader.diff(Customer, 1, { from: now(), to: now() }),
      () => app.reader.blame(Customer, 1),
      () => app.reader.reads(Customer, 1),
      () => app.reader.changes({ entity: Customer, id: [1] }),
      () => app.reader.changes({ partOf: { entity: Customer, id: 1 } }),
      () => app.restorer.planUndelete(Customer, 1),
      () => app.restorer.plan(Customer, 1, { to: now() }),
      () => app.reader.history(Customer, 1, { schema: '*' }),
      () => app.reader.history(Rate, 1, { schema: '' }),
      () => app.reader.changes({ entity: Country, ...ACME }),
      () => app.reader.changes({ within: { schema: ['*'] } }),
    ];
    for (const ask of asked) {
      await expect(Promise.resolve().then(ask)).rejects.toMatchObject(refused);
    }
  });

  it('rebuilds states, their relations in both directions, differences and who was to blame', async () => {
    await tell();
    const bill = await app.reader.asOf(Bill, 1, now(), { ...ACME, populate: ['customer', 'lines', 'tags'] });
    expect(bill).toMatchObject({
      title: 'bill of acme',
      customer: { name: 'renamed' },
      lines: [{ text: 'one of acme' }],
      tags: [{ name: 'tag of acme' }],
    });
    const customer = await app.reader.asOf(Customer, 1, now(), { ...ACME, populate: ['bills.lines'] });
    expect(customer).toMatchObject({ bills: [{ lines: [{ place: 1 }] }] });
    expect(await app.reader.asOf(Customer, 1, now(), { schema: 'zeta' })).toBeNull();
    const found = await app.reader.findAsOf(Line, { bill: 1 }, now(), ACME);
    expect(found.items).toHaveLength(1);
    expect(await app.reader.blame(Customer, 1, ACME)).toHaveLength(4);
    expect(await app.reader.diff(Customer, 1, { from: new Date(0), to: now() }, ACME)).toHaveLength(4);
  });

  it('searches one schema, or all of them with each change under its own name', async () => {
    await tell();
    const types = async (query: object) => {
      const { items } = await app.reader.changes({ limit: 100, ...query });
      return [...new Set(items.map(({ entityType }) => entityType))].sort();
    };
    expect(await types({ entity: Customer })).toEqual(['Customer@acme', 'Customer@zeta']);
    expect(await types({ entity: [Customer, Tag], schema: 'zeta' })).toEqual(['Customer@zeta', 'Tag@zeta']);
    expect(await types({ schema: 'acme', operation: 'delete' })).toEqual(['Line@acme']);
    expect(await types({ partOf: { entity: Customer, id: 1, schema: 'zeta' } })).toEqual([
      'Bill@zeta',
      'Customer@zeta',
    ]);
    expect(await types({ entity: Customer, property: 'name', within: { schema: ['acme'] } })).toEqual([
      'Customer@acme',
    ]);
    for (const within of [
      { entity: [Customer] },
      { entityType: ['Customer'] },
      { entityType: ['Customer@acme', 'Customer@zeta'] },
    ]) {
      expect(await types({ within })).toEqual(['Customer@acme', 'Customer@zeta']);
      expect(await types({ within: { ...within, schema: ['acme'] } })).toEqual(['Customer@acme']);
    }
    expect(await types({ within: { partOf: [{ entity: Bill, id: 1, ...ACME }] } })).toEqual([
      'Bill@acme',
      'Line@acme',
    ]);
    const { days } = await app.reader.activity({ from: new Date(0), schema: 'zeta' });
    expect(Object.keys(days[0]?.counts ?? {}).every((name) => name.endsWith('@zeta'))).toBe(true);
  });
});

describe('restoring what is in the schema of a tenant', () => {
  it('brings back what is there alone, with children, links and checks of that schema', async () => {
    await tell();
    const plan = await app.restorer.planUndelete(Customer, 1, {
      schema: 'zeta',
      withChildren: true,
      values: { phone: '123' },
    });
    expect(plan).toMatchObject({ blocked: false, request: { entityType: 'Customer@zeta' } });
    expect(plan.steps.map(({ entityType, operation }) => `${operation} ${entityType}`)).toEqual([
      'create Customer@zeta',
      'create Bill@zeta',
      'create Line@zeta',
      'create Line@zeta',
    ]);
    await app.restorer.apply(plan);
    await at('zeta', async (em) => {
      const bill = await em.findOneOrFail(Bill, 1, { populate: ['tags', 'lines', 'customer'] });
      expect(bill.customer.$.name).toBe('customer of zeta');
      expect([bill.tags.length, bill.lines.length]).toEqual([1, 2]);
    });
    await at('acme', async (em) => expect((await em.findOneOrFail(Customer, 1)).name).toBe('renamed'));
  });

  it('undoes a revision in each of its schemas, and notices a row that has changed in one of them', async () => {
    await open();
    await app.orm.em.fork().transactional(async (em) => {
      for (const schema of ['acme', 'zeta']) {
        (await em.findOneOrFail(Rate, 1, { schema })).percent = 50;
        em.remove(await em.findOneOrFail(Line, { bill: 1, place: 1 }, { schema }));
      }
    });
    const [revision] = (await app.reader.revisions({ limit: 1 })).items;
    const stale = await app.restorer.planUndo(revision?.id ?? '');
    await at('zeta', async (em) => em.create(Rate, { id: 9, percent: 1 }));
    await at('zeta', async (em) => {
      (await em.findOneOrFail(Rate, 1)).percent = 51;
    });
    await expect(app.restorer.apply(stale)).rejects.toMatchObject({ code: 'AUDIT_RESTORE_STALE' });
    const plan = await app.restorer.planUndo(revision?.id ?? '', { accept: ['changed-since'] });
    await app.restorer.apply(plan);
    for (const agency of ['acme', 'zeta'] as const) {
      await at(agency, async (em) => {
        expect((await em.findOneOrFail(Rate, 1)).percent).toBe(5);
        expect((await em.findOneOrFail(Line, { bill: 1, place: 1 })).text).toBe(`one of ${agency}`);
      });
    }
  });

  it('finds what refers to something that all tenants have in common, in every schema', async () => {
    await open();
    await at('acme', (em) => em.create(Country, { code: 'de', name: 'Germany' }));
    await at('zeta', async (em) => {
      (await em.findOneOrFail(Customer, 1)).country = ref(em.getReference(Country, 'de'));
    });
    const plan = await app.restorer.plan(Country, 'de', { to: new Date(0) });
    expect(plan.conflicts).toContainEqual(
      expect.objectContaining({ kind: 'still-referenced', fromType: 'Customer@zeta', fromIds: ['1'] }),
    );
    const populate = ['customers'] as const;
    const from = (schema: string) => app.reader.asOf(Country, 'de', now(), { populate, schema });
    expect([await from('acme'), await from('zeta')]).toMatchObject([
      { customers: [] },
      { customers: [{ name: 'customer of zeta' }] },
    ]);
    await expect(app.reader.asOf(Country, 'de', now(), { populate })).rejects.toMatchObject({
      code: 'AUDIT_INVALID_QUERY',
    });
  });

  it('finds what is in the way in that schema only', async () => {
    await tell();
    await at('acme', async (em) => em.remove(await em.findOneOrFail(Bill, 1)));
    const free = await app.restorer.planUndelete(Bill, 1, ACME);
    expect(free.conflicts.filter(({ severity }) => severity === 'blocking')).toEqual([]);
    const orphan = await app.restorer.planUndelete(Bill, 1, { schema: 'zeta' });
    expect(orphan.conflicts).toContainEqual(
      expect.objectContaining({ kind: 'target-gone', targetType: 'Customer@zeta', targetIds: ['1'] }),
    );
    const deletion = await app.restorer.plan(Customer, 1, { to: new Date(0), ...ACME });
    expect(deletion.steps.map(({ operation }) => operation)).toEqual(['delete']);
  });
});

registerHttpFlows({ app, at, tell });
