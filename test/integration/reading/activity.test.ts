import { beforeAll, expect, it } from '@jest/globals';
import { InvalidQueryError } from 'nestjs-mikro-audit';
import { type AuditedApp } from '../../support/audited-app.js';
import { Customer, Order, SHOP_HASH_KEY, shop } from '../../support/fixtures/shop.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const audited = useAuditedApp({
  entities: shop,
  options: { hashKey: SHOP_HASH_KEY },
  clear: false,
  verify: false,
});

/** Two days, one change each hour: of an order, or at eleven of a customer. */
beforeAll(async () => {
  await audited.orm.em.getConnection().execute(`
    insert into audit_change (recorded_at, actor_type, actor_id, outcome, entity_type, entity_id, operation, after)
    select hour, 'user', 'u' || n % 2, 'success',
      case extract(hour from hour at time zone 'UTC') when 11 then 'customer' else 'order' end, '7', 'create', '{}'
    from generate_series(0, 47) n, lateral (select '2026-03-28T00:30Z'::timestamptz + n * interval '1 hour') at(hour) order by n`);
});

const from = new Date('2026-03-28T00:00:00Z');

it('is counted by day and type', async () => {
  const { days, countedFrom } = await audited.reader.activity({ from });
  expect(days).toEqual([
    { day: '2026-03-28', total: 24, counts: { customer: 1, order: 23 } },
    { day: '2026-03-29', total: 24, counts: { customer: 1, order: 23 } },
  ]);
  expect(countedFrom).toEqual(from);
});

it('is counted by the days of a time zone, also where an hour is missing', async () => {
  const { days } = await audited.reader.activity({ from, timeZone: 'Europe/Berlin' });
  expect(days.map(({ day, total }) => [day, total])).toEqual([
    ['2026-03-28', 23],
    ['2026-03-29', 23],
    ['2026-03-30', 2],
  ]);
});

it('counts the changes that match the conditions', async () => {
  const until = new Date('2026-03-29T00:00:00Z');
  const totals = async (query: Omit<Parameters<AuditedApp['reader']['activity']>[0], 'from'>) =>
    (await audited.reader.activity({ from, ...query })).days.map(({ total }) => total);
  expect(await totals({ until })).toEqual([24]);
  expect(await totals({ entity: [Customer] })).toEqual([1, 1]);
  expect(await totals({ actor: { id: 'u1' } })).toEqual([12, 12]);
  expect(await totals({ partOf: { entity: Order, id: 7 } })).toEqual([23, 23]);
  expect(await totals({ operation: 'delete' })).toEqual([]);
  expect(await totals({ within: { metadata: { tenant: 'a' } } })).toEqual([]);
});

it('costs one statement', async () => {
  audited.statements.take();
  await audited.reader.activity({ from });
  expect(audited.statements.take()).toHaveLength(1);
});

it.each(['Nowhere', 'Europe/Kiel', '+02:00', "'", ''])(
  'is refused for the time zone %p',
  async (timeZone) => {
    await expect(audited.reader.activity({ from, timeZone })).rejects.toThrow(InvalidQueryError);
  },
);

it('is refused for an invalid date', async () => {
  await expect(audited.reader.activity({ from: new Date(Number.NaN) })).rejects.toThrow(/from.*invalid date/);
});
