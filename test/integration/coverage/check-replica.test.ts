import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AuditCheck, InvalidCoverageError } from 'nestjs-mikro-audit';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { Nurse, Patient, Ward } from './use-hospital.js';

let replica: TestDatabase;
let hospital: AuditedApp;

/** The stand-in for a replica: a database that has the tables, and gets only what a test writes to it. */
beforeAll(async () => {
  replica = await createTestDatabase();
  hospital = await createAuditedApp({
    entities: [Ward, Nurse, Patient],
    orm: { replicas: [{ clientUrl: replica.url }], preferReadReplicas: false },
  });
  const { em, schema } = hospital.orm;
  await em.getConnection('read').executeDump(await schema.getCreateSchemaSQL());
  await em.getConnection('read').execute(`insert into nurse (id, name) values (7, 'Mallory')`);
});
afterAll(async () => {
  await hospital?.close();
  await replica?.drop();
});

it('a check reads trail and tables of a replica where it is asked to, and nothing of the primary', async () => {
  const em = hospital.orm.em.fork();
  em.create(Nurse, { id: 1, name: 'Anna' });
  await em.flush();
  hospital.statements.take();
  const check = hospital.app.get(AuditCheck);
  const onReplica = await check.run({ readFrom: 'replica' });
  expect(onReplica).toMatchObject({
    rows: 1,
    changes: 0,
    findings: [{ kind: 'not-recorded', entityId: '7' }],
  });
  const onPrimary = await check.run();
  expect(onPrimary).toMatchObject({ rows: 1, changes: 1, findings: [] });
});

it('a check corrects nothing by what a replica has', async () => {
  const check = hospital.app.get(AuditCheck);
  await expect(check.run({ readFrom: 'replica', record: { reason: 'x' } })).rejects.toThrow(
    InvalidCoverageError,
  );
});
