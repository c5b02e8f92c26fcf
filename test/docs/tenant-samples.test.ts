import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RequestContext } from '@mikro-orm/core';
import { getMikroORMToken, MikroOrmModule } from '@mikro-orm/nestjs';
import { MikroORM } from '@mikro-orm/postgresql';
import { type INestApplication, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { AuditModule, AuditReader, AuditRecorder, AuditRestorer } from 'nestjs-mikro-audit';
import { AuditHttpModule } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import {
  Contract,
  ContractTrail,
  DatabaseTrail,
  Delivery,
  Invoice,
  InvoiceTrail,
  managerOf,
  TenantAccessPolicy,
  TenantMiddleware,
} from '../../docs/samples/tenants.js';
import { bootApp } from '../integration/module/boot-app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { testOrmOptions } from '../support/orm.js';
import { sequence } from '../support/sequenced.js';
import { useAuditedApp } from '../support/use-audited-app.js';

const ROLE = 'contracts_app';
const REFUSED = { code: 'AUDIT_INVALID_QUERY' };

const app = useAuditedApp({
  entities: [Invoice, Contract],
  tenants: ['acme', 'zeta'],
  imports: [AuditHttpModule.forRoot({ access: { useClass: TenantAccessPolicy } })],
  configure: (nest) => {
    const middleware = new TenantMiddleware(nest.get(MikroORM));
    nest.use((incoming: { headers: Record<string, string>; user?: object }, _: unknown, next: () => void) => {
      incoming.user = { tenant: incoming.headers['x-tenant'] ?? '' };
      middleware.use(incoming as never, _, next);
    });
  },
});

describe('a schema for each tenant', () => {
  const invoices = () => new InvoiceTrail(app.reader, app.restorer);

  beforeEach(async () => {
    for (const [schema, total] of [
      ['acme', 10],
      ['zeta', 99],
    ] as const) {
      const em = app.orm.em.fork({ schema });
      em.create(Invoice, { id: 1, total });
      await em.flush();
    }
  });

  it('is read and restored by its name, and searched as a whole', async () => {
    const em = app.orm.em.fork({ schema: 'zeta' });
    em.remove(await em.findOneOrFail(Invoice, 1));
    await em.flush();
    expect(await invoices().totals(1, 'acme')).toEqual(['Invoice@acme: 10']);
    expect(await invoices().totals(1, 'zeta')).toEqual(['Invoice@zeta: undefined', 'Invoice@zeta: 99']);
    await invoices().undelete(1, 'zeta');
    expect(await em.fork().count(Invoice)).toBe(1);
    expect((await invoices().newest()).sort()).toEqual([
      'Invoice@acme 1',
      'Invoice@zeta 1',
      'Invoice@zeta 1',
      'Invoice@zeta 1',
    ]);
  });

  it('is all that a reader sees over HTTP', async () => {
    const get = (path: string) =>
      request(app.app.getHttpServer()).get(`/audit${path}`).set('x-tenant', 'acme');
    for (const path of ['/entities/Invoice/1/history', '/entities/Invoice@acme/1/history']) {
      const { body } = await get(path);
      expect(body.items).toMatchObject([{ entityType: 'Invoice@acme' }]);
    }
    expect((await get('/entities/Invoice@zeta/1/history')).body.items).toEqual([]);
  });
});

describe('row level security', () => {
  const sql = (text: string) => app.orm.em.getConnection().execute(text);
  const contracts = () => new ContractTrail(app.reader, app.restorer);
  const managerFor = (tenant: string) => managerOf(app.orm.em.fork(), tenant);

  beforeAll(async () => {
    await sql(`do $$ begin create role ${ROLE}; exception when duplicate_object then null; end $$`);
    await sql(`grant select, insert, update, delete on contract to ${ROLE}`);
    await sql(`grant select, insert on audit_change, audit_read to ${ROLE}`);
  });
  afterAll(async () => {
    await sql(`drop owned by ${ROLE}`);
  });
  beforeEach(async () => {
    for (const [id, tenant] of [
      [1, 'acme'],
      [2, 'zeta'],
    ] as const) {
      const em = managerFor(tenant);
      em.create(Contract, { id, tenant, title: `contract of ${tenant}` });
      await app.context.run({ metadata: { tenant } }, () => em.flush());
    }
  });

  it('lets a tenant change what is its own, and each change is recorded', async () => {
    const em = managerFor('acme');
    expect(await em.count(Contract)).toBe(1);
    (await em.findOneOrFail(Contract, 1)).title = 'renamed';
    em.getReference(Contract, 2).title = 'stolen';
    await app.context.run({ metadata: { tenant: 'acme' } }, () => em.flush());
    expect(await contracts().titles(1, 'acme')).toEqual(['renamed', 'contract of acme']);
    expect(await contracts().titles(2, 'zeta')).toEqual(['contract of zeta']);
    expect(await contracts().titles(2, 'acme')).toEqual([]);
  });

  it('holds for plans and restores: outside a transaction, too', async () => {
    const em = managerFor('acme');
    em.remove(await em.findOneOrFail(Contract, 1));
    await em.flush();
    await expect(contracts().undelete(managerFor('zeta'), 1)).rejects.toMatchObject({ code: '42501' });
    await contracts().undelete(managerFor('acme'), 1);
    expect((await managerFor('acme').findOneOrFail(Contract, 1)).title).toBe('contract of acme');
    const seen = (tenant: string) =>
      RequestContext.create(managerFor(tenant), () => app.restorer.plan(Contract, 1, { to: new Date(0) }));
    expect((await seen('acme')).steps).toMatchObject([{ operation: 'delete' }]);
    expect((await seen('zeta')).steps).toMatchObject([{ operation: 'none' }]);
  });
});

describe('a database for each tenant', () => {
  let databases: readonly TestDatabase[] = [];
  let nest: INestApplication;
  const ormOf = (tenant: string) => nest.get<unknown, MikroORM>(getMikroORMToken(tenant));
  const trail = () => new DatabaseTrail(nest.get(AuditReader), nest.get(AuditRestorer));

  /** Each request runs in the database of its tenant. */
  @Module({})
  class TenantDatabases implements NestModule {
    configure(consumer: MiddlewareConsumer): void {
      const run = ({ headers }: IncomingMessage, _: unknown, next: () => void) =>
        RequestContext.create(ormOf(headers['x-tenant'] as string).em, next);
      consumer.apply(run).forRoutes('*path');
    }
  }

  beforeAll(async () => {
    databases = [await createTestDatabase(), await createTestDatabase()];
    nest = await bootApp({
      imports: [
        ...['acme', 'zeta'].map((contextName, at) =>
          MikroOrmModule.forRoot({
            ...testOrmOptions({ url: databases[at]?.url ?? '', entities: [Delivery] }),
            contextName,
            registerRequestContext: false,
          }),
        ),
        AuditModule.forRoot({ sequencer: false }),
        AuditHttpModule.forRoot({
          access: { accessOf: () => ({ permissions: ['history'], entities: { '*': { within: 'all' } } }) },
        }),
        TenantDatabases,
      ],
    });
    for (const tenant of ['acme', 'zeta']) {
      await ormOf(tenant).schema.create();
      const em = ormOf(tenant).em.fork();
      em.create(Delivery, { id: 1, state: `of ${tenant}` });
      em.create(Delivery, { id: 2, state: `gone from ${tenant}` });
      await em.flush();
      if (tenant === 'zeta') {
        em.remove(await em.findOneOrFail(Delivery, 2));
        await em.flush();
      }
    }
  });
  afterAll(async () => {
    await nest?.close();
    await Promise.all(databases.map((database) => database.drop()));
  });

  it('is read through the instance that is named, or that runs', async () => {
    expect(await trail().states(1, 'acme')).toEqual(['of acme']);
    expect(await trail().states(1, 'zeta')).toEqual(['of zeta']);
    const within = <Result>(tenant: string, work: () => Promise<Result>) =>
      RequestContext.create(ormOf(tenant).em, work);
    expect(await within('zeta', () => trail().states(1))).toEqual(['of zeta']);
    expect(await within('zeta', () => trail().states(1, 'acme'))).toEqual(['of acme']);
    const reader = nest.get(AuditReader);
    expect((await within('zeta', () => reader.changes())).items).toHaveLength(3);
    expect((await reader.changes({ instance: 'acme' })).items).toHaveLength(2);
    expect((await reader.revision('1', { instance: 'acme' }))?.changes).toMatchObject([
      { after: { state: 'of acme' } },
      {},
    ]);
    await sequence(nest);
    expect(
      (await reader.feed({ after: await reader.feedEnd({ instance: 'acme' }), instance: 'acme' })).items,
    ).toEqual([]);
  });

  it('is read over HTTP through the instance that runs', async () => {
    for (const tenant of ['acme', 'zeta']) {
      const { body } = await request(nest.getHttpServer())
        .get('/audit/entities/Delivery/2/history')
        .set('x-tenant', tenant);
      // Only one of them has lost it.
      expect(body.items).toHaveLength(tenant === 'zeta' ? 2 : 1);
    }
  });

  it('never answers for another one, or "nothing" for what was not looked at', async () => {
    const reader = nest.get(AuditReader);
    const both = [ormOf('acme').em, ormOf('zeta').em];
    const asked: readonly (() => Promise<unknown>)[] = [
      () => reader.history(Delivery, 2),
      () => reader.asOf(Delivery, 2, new Date()),
      () => reader.blame(Delivery, 2),
      () => reader.reads(Delivery, 2),
      () => reader.changes(),
      () => reader.changes({ entity: Delivery }),
      () => reader.revision('1'),
      () => reader.feedEnd(),
      () => nest.get(AuditRestorer).planUndelete(Delivery, 2),
      () => nest.get(AuditRestorer).planUndo('1'),
      () => reader.history(Delivery, 2, { instance: 'other' }),
      () => reader.revision('1', { instance: 'acme', schema: 'acme' } as object),
      () => RequestContext.create(both, () => reader.history(Delivery, 2)),
    ];
    for (const ask of asked) {
      await expect(Promise.resolve().then(ask)).rejects.toMatchObject(REFUSED);
    }
  });

  it('is restored where the plan was made, and nowhere else', async () => {
    const plan = await nest.get(AuditRestorer).planUndelete(Delivery, 2, { instance: 'zeta' });
    const restorer = nest.get(AuditRestorer);
    const foreign = restorer.apply(plan, { em: ormOf('acme').em.fork() });
    await expect(foreign).rejects.toMatchObject(REFUSED);
    await trail().undelete(2, 'zeta');
    expect((await ormOf('zeta').em.fork().findOneOrFail(Delivery, 2)).state).toBe('gone from zeta');
    const recorder = nest.get(AuditRecorder);
    await RequestContext.create(ormOf('zeta').em, () => recorder.record({ action: 'looked' }));
    const { items } = await nest.get(AuditReader).revisions({ instance: 'zeta', action: 'looked' });
    expect(items).toHaveLength(1);
  });
});
