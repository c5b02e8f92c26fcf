import { expect, it } from '@jest/globals';
import pg from 'pg';
import { Article, orm, PriceList, SAY_WHO } from '../../docs/samples/triggers.js';
import { useAuditedApp } from '../support/use-audited-app.js';

const { driver, discovery } = orm;
const audited = useAuditedApp({
  entities: [Article],
  providers: [PriceList],
  orm: { ...(driver ? { driver } : {}), ...(discovery ? { discovery } : {}) },
  verify: { folded: true },
});

it('a bulk update of the guide is in the trail, article by article, with who and why', async () => {
  const { app, context, em, reader } = audited;
  em.create(Article, { price: '10.00' });
  em.create(Article, { price: '0.99' });
  await em.flush();
  const raised = await context.run(
    { actor: { type: 'user', id: 'anna', label: 'Anna' }, reason: 'inflation' },
    () => app.get(PriceList).raise(10),
  );
  expect(raised).toBe(2);
  const { items } = await reader.changes({ operation: 'update', order: 'oldest' });
  expect(items.map(({ before, after }) => [before?.price, after?.price])).toEqual([
    ['10.00', '11.00'],
    ['0.99', '1.09'],
  ]);
  expect(items.map(({ revision: { actor, reason } }) => [actor.id, reason])).toEqual([
    ['anna', 'inflation'],
    ['anna', 'inflation'],
  ]);
});

it('another program says who it acts for', async () => {
  const { reader, url } = audited;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`begin; ${SAY_WHO}; insert into article (price) values (1); commit`);
  await client.end();
  const { items } = await reader.changes({});
  expect(items.map(({ revision: { actor, reason } }) => [actor.type, actor.id, reason])).toEqual([
    ['service', 'import', 'yearly import'],
  ]);
});
