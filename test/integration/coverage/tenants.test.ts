import { describe, expect, it } from '@jest/globals';
import { AuditBaseline, AuditCheck, InvalidCoverageError } from 'nestjs-mikro-audit';
import { Bill, Customer } from '../../support/fixtures/agency.js';
import { useAgencies } from '../tenants/use-agencies.js';

describe('tables of tenants', () => {
  const { app, at, open, tell } = useAgencies();
  const baseline = () => app.app.get(AuditBaseline);
  const check = () => app.app.get(AuditCheck);

  /** Everything that the newest creates or baselines tell, in the order of the names. */
  function told(): Promise<readonly unknown[]> {
    return app.orm.em.getConnection().execute(
      `select distinct on (entity_type, entity_id) entity_type, entity_id, part_of_type, part_of_id, after, labels
       from audit_change where operation in ('create', 'baseline') order by entity_type, entity_id, id desc`,
    );
  }

  it('are recorded in all schemas, as their creation would have been, and found right', async () => {
    await open();
    const created = await told();
    await app.oracle.forget();
    expect((await check().run()).counts).toMatchObject({ 'not-recorded': created.length });
    expect((await baseline().run({ batchSize: 1 })).complete).toBe(true);
    expect(await told()).toEqual(created);
    await at('acme', async (em) => em.remove(await em.findOneOrFail(Customer, 1)));
    expect((await check().run()).findings).toEqual([]);
  });

  it('are recorded in one schema where one is named', async () => {
    await open();
    await app.oracle.forget();
    await baseline().run({ entities: [Bill, Customer], schema: 'zeta' });
    const types = (await told()).map((row) => (row as { readonly entity_type: string }).entity_type);
    expect(types).toEqual(['Bill@zeta', 'Customer@zeta']);
    await expect(baseline().run({ entities: ['Country'], schema: 'zeta' })).rejects.toThrow(
      InvalidCoverageError,
    );
  });

  it('are told apart in what differs', async () => {
    await tell();
    expect((await check().run()).findings).toEqual([]);
    app.skipOracle();
    await app.orm.em.getConnection().execute(`update acme.customer set name = 'forged'`);
    expect((await check().run()).findings).toMatchObject([
      {
        kind: 'differs',
        entityType: 'Customer@acme',
        entityId: '1',
        path: 'name',
        trail: 'renamed',
        found: 'forged',
      },
    ]);
  });
});
