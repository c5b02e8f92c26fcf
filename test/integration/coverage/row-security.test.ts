import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import type { INestApplication } from '@nestjs/common';
import { AuditBaseline, AuditCheck, AuditDoctor, AuditModule, auditPolicy } from 'nestjs-mikro-audit';
import { Contract, managerOf } from '../../../docs/samples/tenants.js';
import { testOrmOptions } from '../../support/orm.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { bootApp } from '../module/boot-app.js';
import { Note } from '../triggers/notes-and-pages.js';

const ROLE = 'contracts_app';
const HIDDEN = { code: 'AUDIT_ROWS_HIDDEN', data: { role: ROLE, tables: ['"public"."contract"'] } };

const policies = [auditPolicy(Note)];
const owners = useAuditedApp({
  entities: [Contract, Note],
  options: { policies },
  oracle: { entities: [Contract, Note] },
});
let tenants: INestApplication;

const sql = (text: string) => owners.orm.em.getConnection().execute(text);

describe('a role from which policies of the database hide rows', () => {
  beforeAll(async () => {
    await sql(`do $$ begin create role ${ROLE}; exception when duplicate_object then null; end $$`);
    await sql(`grant select, insert, update, delete on all tables in schema public to ${ROLE}`);
    tenants = await bootApp({
      imports: [
        MikroOrmModule.forRoot(
          testOrmOptions({
            url: owners.url,
            entities: [Contract, Note],
            orm: { driverOptions: { options: `-c role=${ROLE} -c app.tenant=acme` } },
          }),
        ),
        AuditModule.forRoot({ sequencer: false, policies }),
      ],
    });
  });
  afterAll(async () => {
    await tenants?.close();
  });
  beforeEach(async () => {
    for (const [id, tenant] of ['acme', 'zeta'].entries()) {
      const em = managerOf(owners.orm.em.fork(), tenant);
      em.create(Contract, { id, tenant, title: tenant });
      await em.flush();
    }
  });

  it('cannot check: hidden rows would be taken for deleted ones', async () => {
    await expect(
      tenants.get(AuditCheck).run({ record: { reason: 'Rows that are gone.' } }),
    ).rejects.toMatchObject(HIDDEN);
    expect((await owners.app.get(AuditCheck).run()).findings).toEqual([]);
  });

  it('cannot make a baseline, which would leave them out', async () => {
    await owners.oracle.forget();
    await expect(tenants.get(AuditBaseline).run()).rejects.toMatchObject(HIDDEN);
    await owners.app.get(AuditBaseline).run();
    expect((await owners.app.get(AuditCheck).run()).findings).toEqual([]);
  });

  it('goes through classes whose rows it sees', async () => {
    const scope = { entities: [Note] };
    expect((await tenants.get(AuditBaseline).run(scope)).complete).toBe(true);
    expect((await tenants.get(AuditCheck).run(scope)).findings).toEqual([]);
  });

  it('is named by the doctor', async () => {
    const findings = await tenants.get(AuditDoctor).examine();
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'rows-hidden', severity: 'error', entityType: 'Contract' }),
    );
    const seen = await owners.app.get(AuditDoctor).examine();
    expect(seen.map(({ code }) => code)).not.toContain('rows-hidden');
  });
});
