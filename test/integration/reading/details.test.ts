import { beforeAll, describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import type { ChangesQuery, Revision } from 'nestjs-mikro-audit';
import { Customer, Order, SHOP_HASH_KEY, shop, shopOracle } from '../../support/fixtures/shop.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const ANNA = { type: 'user', id: 'anna', label: 'Anna' } as const;
const BORIS = { type: 'user', id: 'boris', label: null } as const;
const TENANT = { tenant: 't1' };

const audited = useAuditedApp({
  entities: shop,
  options: { hashKey: SHOP_HASH_KEY },
  oracle: shopOracle,
  clear: false,
});
let revisions: ReadonlyMap<string, Revision>;

/** Finds the changes of an order and a customer in several ways: by id, by time and actor, by revision. */
const QUERIES: Readonly<Record<string, ChangesQuery>> = {
  everything: {},
  'a type': { entity: [Order] },
  'a whole': { partOf: { entity: Order, id: 1 } },
  'a revision': { revisionId: '1' },
  'a time': { from: new Date('2020-01-01T00:00:00Z') },
  'an actor': { actor: { id: 'anna' } },
  'an actor, oldest first': { actor: { type: 'user', id: 'boris' }, order: 'oldest' },
  'an actor on behalf of another': { onBehalfOf: { id: 'anna' } },
  'an action': { action: 'order.place' },
  'a request': { correlationId: 'c2' },
  'an outcome': { outcome: 'success' },
  'a whole in a request': { partOf: { entity: Order, id: 1 }, correlationId: 'c1' },
  'a tenant': { within: { metadata: TENANT } },
  'a whole for a tenant': { partOf: { entity: Order, id: 1 }, within: { anyOf: [{ metadata: TENANT }] } },
};

beforeAll(async () => {
  const { orm, context, reader } = audited;
  const em = orm.em.fork();
  const origin = { source: 'job', ip: null, userAgent: null, method: null, route: null, handler: null };
  await context.run(
    {
      actor: ANNA,
      action: 'order.place',
      reason: 'called in',
      correlationId: 'c1',
      metadata: TENANT,
      origin,
    },
    async () => {
      em.create(Order, {
        title: 'First',
        price: '1.00',
        customer: ref(em.create(Customer, { name: 'Cleo' })),
      });
      await em.flush();
    },
  );
  await context.run({ actor: BORIS, onBehalfOf: ANNA, correlationId: 'c2' }, async () => {
    (await em.findOneOrFail(Order, 1)).price = '2.00';
    await em.flush();
  });
  const plan = await audited.restorer.plan(Order, 1, { to: { revision: '1' } });
  await audited.restorer.apply(plan, { em: orm.em.fork() });
  await audited.oracle.verify();
  const { items } = await reader.revisions();
  revisions = new Map(items.map(({ counts: _, ...revision }) => [revision.id, revision]));
});

function briefOf(id: string): object {
  const found = revisions.get(id);
  const { recordedAt, actor, onBehalfOf, action, reason, restoredRevisionId } = found as Revision;
  return { id, recordedAt, actor, onBehalfOf, action, reason, restoredRevisionId };
}

describe.each(Object.entries(QUERIES))('changes of %s', (_name, query) => {
  it('carry who, when and why of their revisions, and the whole header with details', async () => {
    const { items: briefly } = await audited.reader.changes(query);
    const { items: whole } = await audited.reader.changes({ ...query, details: true });
    expect(briefly.length).toBeGreaterThan(0);
    expect(whole.map(({ id }) => id)).toEqual(briefly.map(({ id }) => id));
    for (const { revision } of briefly) {
      expect(revision).toEqual(briefOf(revision.id));
    }
    for (const { revision } of whole) {
      expect(revision).toEqual(revisions.get(revision.id));
    }
  });

  it('come in pages that one may go on with, with details or without', async () => {
    const { items: all } = await audited.reader.changes(query);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof audited.reader.changes>> = await audited.reader.changes({
        ...query,
        limit: 1,
        cursor,
        details: seen.length % 2 === 0,
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(all.map(({ id }) => id));
  });
});

describe('the history of an entity', () => {
  it.each([{}, { within: { entity: [Order] } }, { within: { metadata: TENANT } }])(
    'has details when they are asked for (%j)',
    async (scope) => {
      const { items: briefly } = await audited.reader.history(Order, 1, scope);
      const { items: whole } = await audited.reader.history(Order, 1, { ...scope, details: true });
      expect(briefly.map(({ revision }) => revision)).toEqual(
        briefly.map(({ revision }) => briefOf(revision.id)),
      );
      expect(whole.map(({ revision }) => revision)).toEqual(
        briefly.map(({ revision }) => revisions.get(revision.id)),
      );
      expect(whole.at(-1)?.revision).toMatchObject({ metadata: TENANT, origin: { source: 'job' } });
    },
  );

  it('names the restored revision, with and without details', async () => {
    const { items } = await audited.reader.history(Order, 1, { limit: 1 });
    expect(items[0]?.revision.restoredRevisionId).toBe('1');
  });
});
