import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { auditPolicy } from 'nestjs-mikro-audit';
import { newestChanges } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

/** In the schema of the configuration, because it names none. */
const Currency = defineEntity({
  name: 'Currency',
  properties: { code: p.string().primary(), name: p.string() },
});
/** In a schema that it names. */
const Label = defineEntity({
  name: 'Label',
  schema: 'common',
  properties: { code: p.string().primary(), name: p.string() },
});
const Invoice = defineEntity({
  name: 'Invoice',
  schema: '*',
  properties: {
    id: p.integer().primary(),
    currency: () => p.manyToOne(Currency).nullable().deleteRule('set null').updateRule('cascade'),
    labels: () => p.manyToMany(Label),
    others: () => p.manyToMany(Currency),
  },
});
const Price = defineEntity({
  name: 'Price',
  schema: '*',
  properties: {
    currency: () => p.manyToOne(Currency).primary().deleteRule('cascade').updateRule('cascade'),
    amount: p.integer(),
  },
});

const entities = [Currency, Label, Invoice, Price];
const TENANTS = ['acme', 'zeta'];

describe.each([false, true])('rows that tenants share, exact: %p', (exact) => {
  const app = useAuditedApp({
    entities,
    tenants: TENANTS,
    options: { policies: entities.map((entity) => auditPolicy(entity as never, { exact })) },
  });

  async function flush(work: (em: EntityManager) => unknown): Promise<void> {
    const em = app.orm.em.fork();
    await work(em);
    await em.flush();
  }

  /** In each tenant invoice 1, with everything that is shared, and a price. */
  async function open(): Promise<void> {
    await flush((em) => {
      for (const code of ['eur', 'usd']) {
        em.create(Currency, { code, name: code });
        em.create(Label, { code, name: code });
      }
    });
    for (const schema of TENANTS) {
      await flush((em) => {
        const [currency, label] = [em.getReference(Currency, 'eur'), em.getReference(Label, 'eur')];
        const invoice = em.create(Invoice, { id: 1, currency }, { schema });
        invoice.labels.add(label);
        invoice.others.add(currency, em.getReference(Currency, 'usd'));
        em.create(Price, { currency, amount: 1 }, { schema });
      });
    }
  }

  const newest = (): Promise<readonly string[]> => newestChanges(app);

  it('are referred to from every schema, which a delete empties of links and children', async () => {
    await open();
    await flush(async (em) => em.remove(await em.findOneOrFail(Currency, 'eur')));
    expect(await newest()).toEqual([
      'delete Currency eur',
      'delete Price@acme eur',
      'delete Price@zeta eur',
      'update Invoice@acme 1',
      'update Invoice@zeta 1',
    ]);
    await flush(async (em) => em.remove(em.getReference(Label, 'eur')));
    expect(await newest()).toEqual(['delete Label eur', 'update Invoice@acme 1', 'update Invoice@zeta 1']);
  });

  it('are linked as the table says, where MikroORM has loaded the links of another tenant', async () => {
    await open();
    const em = app.orm.em.fork({ schema: 'acme' });
    const ofAcme = await em.findOneOrFail(Invoice, 1, { populate: ['labels'] });
    ofAcme.labels.add(em.getReference(Label, 'usd'));
    await em.flush();
    const invoice = await em.findOneOrFail(Invoice, 1, { schema: 'zeta' });
    await invoice.labels.init();
    expect(invoice.labels).toHaveLength(2);
    invoice.labels.set([em.getReference(Label, 'eur')]);
    await em.flush();
    const { items } = await app.reader.history(Invoice, 1, { schema: 'zeta' });
    expect(items.map(({ operation }) => operation)).toEqual(['create']);
  });

  it('take references and links of every schema along with a new key', async () => {
    await open();
    await flush(async (em) => {
      (await em.findOneOrFail(Currency, 'eur')).code = 'ecu';
      (await em.findOneOrFail(Label, 'eur')).code = 'ecu';
    });
    expect(await newest()).toEqual([
      'update Currency eur',
      'update Invoice@acme 1',
      'update Invoice@zeta 1',
      'update Label eur',
      'update Price@acme eur',
      'update Price@zeta eur',
    ]);
  });

  it('are deleted also beside schemas with other tables of the names of those that refer to them', async () => {
    await open();
    await app.em.execute('create schema archive');
    for (const table of ['invoice', 'price', 'invoice_labels', 'invoice_others']) {
      await app.em.execute(`create table archive.${table} (note text)`);
    }
    await flush(async (em) => em.remove(await em.findOneOrFail(Currency, 'eur')));
    expect(await newest()).toHaveLength(5);
    await app.em.execute('drop schema archive cascade');
  });

  it('come back with what every tenant had of them', async () => {
    await open();
    await flush(async (em) => em.remove(await em.findOneOrFail(Currency, 'eur')));
    const [removal] = (await app.reader.revisions({ limit: 1 })).items;
    await app.restorer.apply(await app.restorer.planUndo(removal?.id ?? ''));
    const em = app.orm.em.fork();
    for (const schema of TENANTS) {
      const invoice = await em.findOneOrFail(Invoice, 1, { schema, populate: ['others'] });
      expect(invoice.currency?.code).toBe('eur');
      expect(
        invoice.others
          .getItems()
          .map(({ code }) => code)
          .sort(),
      ).toEqual(['eur', 'usd']);
      expect(await em.findAll(Price, { schema })).toHaveLength(1);
    }
  });

  it('come back by undelete, with the links of every tenant', async () => {
    await open();
    await flush(async (em) => em.remove(await em.findOneOrFail(Label, 'eur')));
    await app.restorer.apply(await app.restorer.planUndelete(Label, 'eur'));
    const em = app.orm.em.fork();
    for (const schema of TENANTS) {
      const invoice = await em.findOneOrFail(Invoice, 1, { schema, populate: ['labels'] });
      expect(invoice.labels.getItems().map(({ code }) => code)).toEqual(['eur']);
    }
  });
});
