import { describe, expect, it } from '@jest/globals';
import { RequestContext } from '@mikro-orm/core';
import { Customer } from '../../support/fixtures/agency.js';
import { useAgencies } from './use-agencies.js';

const { app, tell } = useAgencies();

const ACME = { schema: 'acme' } as const;
const ZETA = { schema: 'zeta' } as const;
const now = () => new Date(Date.now() + 1_000);

describe('lists of what is in the schema of a tenant', () => {
  it('have newest changes, states and histories of the schema that is named or runs, and of no other', async () => {
    await tell();
    await app.em.execute(`insert into acme.customer (id, name) values (8, 'never recorded')`);
    const latest = async (options = {}) =>
      (await app.reader.latest(Customer, [9, 1, 8], options)).map(
        (change) => change && `${change.operation} ${change.entityType}`,
      );
    expect(await latest(ACME)).toEqual([null, 'update Customer@acme', null]);
    expect(await latest(ZETA)).toEqual([null, 'delete Customer@zeta', null]);
    expect(await latest({ ...ZETA, within: { schema: ['acme'] } })).toEqual([null, null, null]);
    const states = (options = {}) => app.reader.eachAsOf(Customer, [1, 8, 9], now(), options);
    expect(await states(ACME)).toMatchObject([{ name: 'renamed' }, { id: 8 }, null]);
    expect(await states(ZETA)).toEqual([null, null, null]);
    const within = RequestContext.create(app.orm.em.fork(ZETA), () => Promise.all([latest(), states(ACME)]));
    expect(await within).toMatchObject([
      [null, 'delete Customer@zeta', null],
      [{ name: 'renamed' }, { id: 8 }, null],
    ]);
    const order = { property: 'name', order: 'oldest', limit: 1 } as const;
    const first = await app.reader.history(Customer, 1, { ...ACME, ...order });
    expect(first.items.map(({ after }) => after?.name)).toEqual(['customer of acme']);
    const cursor = first.nextCursor ?? '';
    const [second] = (await app.reader.history(Customer, 1, { ...ACME, ...order, cursor })).items;
    expect(second).toMatchObject({ entityType: 'Customer@acme', after: { name: 'renamed' } });
    const refused: readonly (() => Promise<unknown>)[] = [
      () => latest(),
      () => states(),
      () => app.reader.history(Customer, 1, { ...ZETA, ...order, cursor }),
    ];
    for (const ask of refused) {
      await expect(Promise.resolve().then(ask)).rejects.toMatchObject({ code: 'AUDIT_INVALID_QUERY' });
    }
    app.skipOracle();
  });

  it('count the changes of one schema, or of each by itself, also under former names', async () => {
    await tell();
    await app.em.execute(
      `update audit_change set entity_type = replace(entity_type, 'Customer', 'Account') where operation = 'create'`,
    );
    const counts = async (options = {}) => {
      const { items } = await app.reader.counts({ entity: Customer, by: 'entity', ...options });
      return items.map(({ entityType, entityId, changes }) => `${entityType} ${entityId}: ${changes}`);
    };
    expect(await counts()).toEqual(['Customer@acme 1: 2', 'Customer@zeta 1: 2']);
    expect(await counts(ZETA)).toEqual(['Customer@zeta 1: 2']);
    const all = await app.reader.counts({ by: 'entityType', within: { schema: ['acme'] } });
    expect(all.items.map(({ entityType }) => entityType).sort()).toEqual([
      'Bill@acme',
      'Customer@acme',
      'Line@acme',
      'Rate@acme',
      'Tag@acme',
    ]);
    app.skipOracle();
  });
});
