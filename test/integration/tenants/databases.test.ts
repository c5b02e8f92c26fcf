import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RequestContext } from '@mikro-orm/core';
import { getMikroORMToken, MikroOrmModule } from '@mikro-orm/nestjs';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { type INestApplication, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuditContext, AuditModule, AuditReader, auditPolicy, systemActor } from 'nestjs-mikro-audit';
import { AuditHttpModule } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { Tag } from '../../support/fixtures/orders.js';
import { testOrmOptions } from '../../support/orm.js';
import { sequence } from '../../support/sequenced.js';
import { EVERYTHING, HeaderPolicy } from '../http/law-firm-app.js';
import { listen } from '../http/live-events.js';

const TENANTS = ['acme', 'zeta'] as const;
type Tenant = (typeof TENANTS)[number];

let app: INestApplication;
const databases: TestDatabase[] = [];
const ormOf = (tenant: Tenant): MikroORM => app.get<unknown, MikroORM>(getMikroORMToken(tenant));

/** The EntityManager of the tenant in the header, as the guide tells. */
@Module({})
class TenantModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(({ headers }: { headers: Record<string, string> }, _response: unknown, next: () => void) =>
        headers['x-tenant'] === undefined
          ? next()
          : RequestContext.create(ormOf(headers['x-tenant'] as Tenant).em, next),
      )
      .forRoutes('{*path}');
  }
}

beforeAll(async () => {
  for (const _ of TENANTS) {
    databases.push(await createTestDatabase());
  }
  const module = await Test.createTestingModule({
    imports: [
      ...TENANTS.map((contextName, at) =>
        MikroOrmModule.forRoot({
          ...testOrmOptions({ url: databases[at]?.url ?? '', entities: [Tag] }),
          contextName,
          registerRequestContext: false,
        }),
      ),
      TenantModule,
      AuditModule.forRoot({
        sequencer: false,
        policies: [auditPolicy(Tag, { recordReads: true })],
      }),
      AuditHttpModule.forRoot({ access: new HeaderPolicy() }),
    ],
  }).compile();
  app = module.createNestApplication({ logger: false });
  await app.init();
  for (const tenant of TENANTS) {
    await ormOf(tenant).schema.create();
  }
  await app.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await app?.close();
  for (const database of databases) {
    await database.drop();
  }
});
beforeEach(async () => {
  for (const tenant of TENANTS) {
    await ormOf(tenant).schema.clear();
  }
});

async function write(tenant: Tenant, ...tags: readonly string[]): Promise<void> {
  const em = ormOf(tenant).em.fork() as EntityManager;
  for (const name of tags) {
    em.create(Tag, { name });
  }
  await em.flush();
}

async function rename(tenant: Tenant, name: string): Promise<void> {
  const em = ormOf(tenant).em.fork() as EntityManager;
  (await em.findOneOrFail(Tag, 1)).name = name;
  await em.flush();
}

const names = (): Promise<readonly string[]> =>
  Promise.all(TENANTS.map(async (tenant) => (await ormOf(tenant).em.fork().findOneOrFail(Tag, 1)).name));

const of = (tenant: Tenant | undefined) => ({
  'x-access': JSON.stringify(EVERYTHING),
  ...(tenant === undefined ? {} : { 'x-tenant': tenant }),
});

const get = (path: string, tenant?: Tenant) =>
  request(app.getHttpServer()).get(`/audit${path}`).set(of(tenant));

const post = (path: string, tenant: Tenant, body: object) =>
  request(app.getHttpServer()).post(`/audit${path}`).set(of(tenant)).send(body);

describe('tenants with a database each', () => {
  it('have reads of their own, also of equal ids in one piece of work', async () => {
    const reader = app.get(AuditReader);
    for (const tenant of TENANTS) {
      await write(tenant, `of ${tenant}`);
    }
    await app.get(AuditContext).run({ actor: systemActor('job') }, async () => {
      for (const tenant of [...TENANTS, ...TENANTS]) {
        await ormOf(tenant).em.fork().findOneOrFail(Tag, 1);
      }
    });
    for (const instance of TENANTS) {
      expect((await reader.reads(Tag, 1, { instance })).items).toHaveLength(1);
    }
  });

  it('see of coverage over HTTP only that of their own', async () => {
    for (const tenant of TENANTS) {
      const { body, text } = await get('/coverage', tenant);
      expect(body.trails).toMatchObject([{ instance: tenant }]);
      expect(body.entities).toMatchObject([{ instance: tenant }]);
      expect(TENANTS.filter((one) => text.includes(one))).toEqual([tenant]);
    }
  });

  it('see over HTTP what is in their own, in every list, and nothing where nobody says whose', async () => {
    for (const tenant of TENANTS) {
      await write(tenant, `of ${tenant}`);
      await rename(tenant, `again of ${tenant}`);
    }
    for (const tenant of TENANTS) {
      for (const path of [
        '/changes',
        '/changes?text=again',
        '/entities/Tag/1/history',
        '/entities/Tag/1/blame',
        '/entities/Tag/1/state?at=2999-01-01T00:00:00Z',
        '/entities/Tag/states?at=2999-01-01T00:00:00Z&id=1',
        '/export?format=ndjson',
        '/revisions/1',
      ]) {
        const { text, status } = await get(path, tenant);
        const seen = TENANTS.filter((one) => text.includes(`of ${one}`));
        expect([path, status, seen]).toEqual([path, 200, [tenant]]);
        expect([path, (await get(path)).status]).toEqual([path, 400]);
      }
    }
  });

  it.each([
    ['/entities/Tag/1/restore-plan', '/entities/Tag/1/restore', { to: { revision: '1' } }],
    ['/revisions/3/undo-plan', '/revisions/3/undo', {}],
  ] as const)('restore over HTTP nothing of another, with a token of %s', async (plan, apply, body) => {
    for (const tenant of TENANTS) {
      await write(tenant, `of ${tenant}`);
      await rename(tenant, `again of ${tenant}`);
    }
    const { token } = (await post(plan, 'acme', body)).body;
    expect((await post(apply, 'zeta', { token })).status).toBe(400);
    expect(await names()).toEqual(['again of acme', 'again of zeta']);
    expect((await post(apply, 'acme', { token })).status).toBe(200);
    expect(await names()).toEqual(['of acme', 'again of zeta']);
  });

  it('hear live of what is committed in their own', async () => {
    await sequence(app);
    const heard = await listen(
      { base: `${await app.getUrl()}/audit` },
      {
        headers: { 'x-tenant': 'acme' },
        isEnough: (ids) => ids.length > 0,
        whenOpen: async () => {
          await write('zeta', 'one', 'other');
          await sequence(app);
          await write('acme', 'only one');
          await sequence(app);
        },
      },
    );
    expect(heard.map(({ data }) => data.counts)).toEqual([{ Tag: 1 }]);
  });
});
