import { expect, it } from '@jest/globals';
import { companyEntities, Desk, Laptop } from '../../support/fixtures/company.js';
import { companyOracle } from '../../support/fixtures/company.oracle.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { withTriggers } from '../../support/with-triggers.js';

const audited = useAuditedApp({
  entities: companyEntities,
  oracle: companyOracle,
  orm: withTriggers(),
  verify: { folded: true },
});

const changes = () =>
  audited.orm.em
    .fork()
    .execute<{ text: string }[]>(
      `select concat_ws(' ', operation, entity_type, entity_id) as text from audit_change order by id`,
    )
    .then((rows) => rows.map(({ text }) => text));

it('rows of classes that share a table are each recorded under their own', async () => {
  const em = audited.orm.em.fork();
  await em.insert(Laptop, { label: 'l', serial: 's', kind: 'laptop' });
  await em.insert(Desk, { label: 'd', height: 70, kind: 'desk' });
  await em.nativeUpdate(Desk, { height: 70 }, { height: 80 });
  expect(await changes()).toEqual(['create laptop 1', 'create desk 2', 'update desk 2']);
});

it('a row that becomes one of another class is the end of one entity and the beginning of another', async () => {
  // No class of MikroORM can do this, and the oracle follows rows, not classes.
  audited.skipOracle();
  const em = audited.orm.em.fork();
  await em.insert(Desk, { label: 'd', height: 70, kind: 'desk' });
  const table = em.getMetadata().get(Desk).root.tableName;
  await em.execute(`update "${table}" set kind = 'laptop', serial = 's', height = null`);
  expect(await changes()).toEqual(['create desk 1', 'delete desk 1', 'create laptop 1']);
  const { items } = await audited.reader.history(Laptop, 1);
  expect(items[0]?.after).toMatchObject({ label: 'd', serial: 's' });
});
