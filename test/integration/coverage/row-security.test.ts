import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Ref, RequestContext } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
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

@Entity({ inheritance: 'tpt' })
class Person {
  @PrimaryKey({ type: 'integer' })
  id!: number;
}

@Entity()
class Employee extends Person {
  @Property({ type: 'integer' })
  pay!: number;
}

/** A row of a tenant that refers to one that all tenants share. */
@Entity({ rowLevelSecurity: true, policies: [{ using: `tenant = current_setting('app.tenant')` }] })
class Placement {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'text' })
  tenant!: string;

  @ManyToOne({ entity: () => Person, ref: true, deleteRule: 'cascade' })
  person!: Ref<Person>;
}

/** Each tenant has a table of its own. */
@Entity({ schema: '*' })
class Visit {
  @PrimaryKey({ type: 'integer' })
  id!: number;
}

const entities = [Contract, Note, Person, Employee, Placement, Visit];
const policies = [Note, Person, Employee, Placement, Visit].map((one) => auditPolicy(one as typeof Note));
const owners = useAuditedApp({
  entities,
  options: { policies },
  oracle: { entities },
  tenants: ['acme'],
});
const scope = { entities: [Contract] };
let tenants: INestApplication;

const sql = (text: string) => owners.orm.em.getConnection().execute(text);

describe('a role from which policies of the database hide rows', () => {
  beforeAll(async () => {
    await sql(`do $$ begin create role ${ROLE}; exception when duplicate_object then null; end $$`);
    await sql(`grant usage on schema acme to ${ROLE}`);
    await sql(`grant select, insert, update, delete on all tables in schema public, acme to ${ROLE}`);
    tenants = await bootApp({
      imports: [
        MikroOrmModule.forRoot(
          testOrmOptions({
            url: owners.url,
            entities,
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
      tenants.get(AuditCheck).run({ ...scope, record: { reason: 'Rows that are gone.' } }),
    ).rejects.toMatchObject(HIDDEN);
    expect((await owners.app.get(AuditCheck).run()).findings).toEqual([]);
  });

  it('cannot make a baseline, which would leave them out', async () => {
    await owners.oracle.forget();
    await expect(tenants.get(AuditBaseline).run(scope)).rejects.toMatchObject(HIDDEN);
    await owners.app.get(AuditBaseline).run();
    expect((await owners.app.get(AuditCheck).run()).findings).toEqual([]);
  });

  it('goes through classes whose rows it sees', async () => {
    const seen = { entities: [Note] };
    expect((await tenants.get(AuditBaseline).run(seen)).complete).toBe(true);
    expect((await tenants.get(AuditCheck).run(seen)).findings).toEqual([]);
  });

  it('is named by the doctor', async () => {
    const findings = await tenants.get(AuditDoctor).examine();
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'rows-hidden', severity: 'error', entityType: 'Contract' }),
    );
    const seen = await owners.app.get(AuditDoctor).examine();
    expect(seen.map(({ code }) => code)).not.toContain('rows-hidden');
  });

  it('is the one of the session, too, in whose context somebody checks', async () => {
    const tenant = managerOf(owners.orm.em.fork(), 'acme');
    await RequestContext.create(tenant, async () => {
      const record = { reason: 'Rows that are gone.' };
      await expect(owners.app.get(AuditCheck).run({ ...scope, record })).rejects.toMatchObject(HIDDEN);
      await expect(owners.app.get(AuditBaseline).run(scope)).rejects.toMatchObject(HIDDEN);
    });
  });

  it.each([
    ['of a class that extends the one that is asked for', 'employee', Person],
    ['of the trail', 'audit_change', Person],
    ['of the trail of a tenant', 'audit_change', Visit],
  ])('cannot tell either where they hide rows %s', async (_, table, entity) => {
    const em = owners.orm.em.fork();
    em.create(Employee, { id: 1, pay: 4 });
    await em.flush();
    await owners.oracle.forget();
    await sql(`alter table ${table} enable row level security`);
    try {
      const hidden = { code: 'AUDIT_ROWS_HIDDEN', data: { tables: [`"public"."${table}"`] } };
      await expect(tenants.get(AuditCheck).run({ entities: [entity] })).rejects.toMatchObject(hidden);
      await expect(tenants.get(AuditBaseline).run({ entities: [entity] })).rejects.toMatchObject(hidden);
      const findings = await tenants.get(AuditDoctor).examine({ entities: [entity] });
      const codes = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
      expect(codes).toContain('rows-hidden');
      expect(codes).not.toContain('rows-without-baseline');
    } finally {
      await sql(`alter table ${table} disable row level security`);
      await owners.app.get(AuditBaseline).run();
    }
  });

  it('does not see the rows that foreign keys change for it, which the doctor names', async () => {
    const hidden = async () =>
      (await owners.app.get(AuditDoctor).examine())
        .filter(({ code }) => code === 'foreign-key-past-policies')
        .map(({ severity, entityType, subject }) => [severity, entityType, subject]);
    expect(await hidden()).toEqual([['warning', 'Placement', 'placement_person_id_foreign']]);
    await sql(`create unique index person_tenant on placement (person_id, tenant);
      alter table placement drop constraint placement_person_id_foreign;
      alter table person add column tenant text; alter table person add unique (id, tenant);
      alter table placement add constraint within foreign key (person_id, tenant) references person (id, tenant) on delete cascade`);
    expect(await hidden()).toEqual([]);
  });
});
