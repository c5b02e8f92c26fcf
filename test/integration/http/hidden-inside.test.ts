import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import { mailOrder, mailOrderOracle, Order } from '../../support/fixtures/mail-order.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

const hiding = (...hidden: readonly string[]): AuditAccess => ({
  ...EVERYTHING,
  entities: { '*': { within: 'all' }, order: { within: 'all', hidden } },
});

describe.each(ADAPTERS)('members that are hidden on %s', (adapter) => {
  let firm: LawFirmApp;

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter, {
      entities: mailOrder,
      oracle: mailOrderOracle,
    });
    const em = firm.orm.em.fork();
    em.create(Order, {
      title: 'Renamed',
      price: 4711,
      data: {
        rows: [{ k: 'deepvalue', open: 1 }],
        kinds: new Map([['k', 'mapvalue']]) as never,
        like: { $object: [['k', 'tagvalue']] },
      },
      lines: [{ sku: 's1', cost: 777 }],
    });
    await em.flush();
  });
  afterAll(() => firm?.close());

  it.each([
    'data.rows.k:to:eq:"deepvalue"',
    'data.rows.0.k:to:eq:"deepvalue"',
    'data.rows.-1.k:to:eq:"deepvalue"',
    'data.rows.+0.k:to:eq:"deepvalue"',
    'data.rows. 0.k:to:eq:"deepvalue"',
    'data.rows.0.k:to:gte:"deep"',
    'data.rows.0:to:eq:{"k":"deepvalue","open":1}',
    'lines.0.cost:to:eq:777',
    'lines.0.cost:to:gt:700',
    'lines.00.cost:to:isNull:false',
    'data.kinds.$map.0.1:to:eq:"mapvalue"',
    'data.like.$object.0.1:to:eq:"tagvalue"',
    'data.like.$object.0.1.$object.0.1.1:to:eq:"tagvalue"',
  ])('are not found by %s', async (value) => {
    const access = hiding('data.rows.k', 'lines.cost', 'data.kinds.k', 'data.like.k');
    for (const route of [
      '/changes?',
      '/revisions?',
      '/export?',
      '/activity?from=2000-01-01T00:00:00Z&',
      '/counts?by=actor&',
    ]) {
      const answer = await firm.get(`${route}entity=order&value=${encodeURIComponent(value)}`, access);
      expect([route, answer.status]).toEqual([route, 403]);
      const [property = ''] = value.split(':');
      const changed = await firm.get(`${route}entity=order&property=${encodeURIComponent(property)}`, access);
      expect([route, changed.status]).toEqual([route, 403]);
    }
  });

  it('do not keep those beside them from being found', async () => {
    const access = hiding('data.rows.k', 'lines.cost');
    for (const value of ['data.rows.0.open:to:eq:1', 'lines.0.sku:to:eq:"s1"']) {
      const { body } = await firm.get(`/changes?entity=order&value=${encodeURIComponent(value)}`, access);
      expect([value, body.items.length]).toEqual([value, 1]);
    }
  });

  it('of a list are found in any item, where no place is said', async () => {
    const one = async (query: string) => (await firm.get(`/changes?entity=order&${query}`)).body.items.length;
    for (const value of [
      'data.rows.k:to:eq:"deepvalue"',
      'data.rows.k:to:gte:"deep"',
      'data.rows.open:to:in:[7,1]',
      'lines.cost:to:gt:700',
      'lines.sku:to:isNull:false',
    ]) {
      expect([value, await one(`value=${encodeURIComponent(value)}`)]).toEqual([value, 1]);
    }
    for (const [property, found] of [
      ['data.rows.k', 1],
      ['data.rows.0.k', 1],
      ['data.rows.1.k', 0],
      ['data.rows.nothing', 0],
      ['lines.cost', 1],
    ] as const) {
      expect([property, await one(`property=${property}`)]).toEqual([property, found]);
    }
    for (const value of ['data.rows.k:to:eq:"other"', 'lines.cost:to:lt:700', 'lines.sku:to:isNull:true']) {
      expect([value, await one(`value=${encodeURIComponent(value)}`)]).toEqual([value, 0]);
    }
  });

  it('are hidden in every item, by whatever index they are named', async () => {
    for (const path of ['data.rows.k', 'data.rows.0.k', 'data.rows.9.k']) {
      const { text } = await firm.get('/changes?entity=order', hiding(path, 'lines.3.cost'));
      expect([path, /deepvalue|777/.test(text), /s1/.test(text)]).toEqual([path, false, true]);
    }
  });

  it('are not looked up from the other end of a relation', async () => {
    const access = hiding('customer');
    for (const path of ['customer/1/state?populate=orders', 'order/1/state?populate=customer']) {
      const answer = await firm.get(`/entities/${path}&at=2999-01-01T00:00:00Z`, access);
      expect([path, answer.status]).toEqual([path, 403]);
    }
    const seen = await firm.get('/entities/customer/1/state?populate=orders&at=2999-01-01T00:00:00Z');
    expect(seen.status).not.toBe(403);
  });

  it('have to exist, where it can be known', async () => {
    for (const path of ['lines.cots', 'lines.0.cots', 'lines.cost.x', 'typo', 'title.x']) {
      expect([path, (await firm.get('/changes', hiding(path))).status]).toEqual([path, 500]);
      const value = `entity=order&value=${path}:to:eq:1`;
      expect([path, (await firm.get(`/changes?${value}`)).status]).toEqual([path, 400]);
    }
  });

  it.each([['list', 'values', 'export'], ['values', 'export'], ['export']] as const)(
    'are not found by the text of an export, for a reader who may %s',
    async (...actions) => {
      const access: AuditAccess = {
        permissions: actions,
        entities: { order: { within: 'all', hidden: ['price', 'title'] } },
      };
      const counts = await Promise.all(
        ['4711', 'renamed', 'nothing'].map(async (text) => {
          const manifest = await firm.get(`/export/manifest?text=${text}`, access);
          return manifest.body.count;
        }),
      );
      expect(counts).toEqual([0, 0, 0]);
      const seen = await firm.get('/export/manifest?text=4711');
      expect(seen.body.count).toBe(1);
    },
  );
});
