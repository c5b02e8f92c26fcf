import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getMikroORMToken, MikroOrmModule } from '@mikro-orm/nestjs';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { INestApplication } from '@nestjs/common';
import {
  AuditChange,
  AuditConfigurationError,
  AuditModule,
  AuditReader,
  auditPolicy,
  Ed25519Signer,
  type EvidenceOptions,
} from 'nestjs-mikro-audit';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { Line, Order, Tag, Visit } from '../../support/fixtures/orders.js';
import { testOrmOptions } from '../../support/orm.js';
import type { TestEntity } from '../../support/test-entity.js';
import { trailOf } from '../../support/trail.js';
import { MemoryPublisher, newKey } from '../evidence/sealing-app.js';
import { bootApp, refusalOf } from './boot-app.js';

const orders = [Order, Line, Tag];

let databases: TestDatabase[];
let app: INestApplication | undefined;

beforeEach(async () => {
  databases = [await createTestDatabase(), await createTestDatabase()];
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  for (const database of databases) {
    await database.drop();
  }
});

function mikroOrm(
  index: number,
  entities: readonly TestEntity[],
  contextName?: string,
  withAuditEntities = true,
) {
  const url = databases[index]?.url ?? '';
  return MikroOrmModule.forRoot({
    ...testOrmOptions({ url, entities, withAuditEntities }),
    ...(contextName === undefined ? {} : { contextName, registerRequestContext: false }),
  });
}

async function ormOf(booted: INestApplication, contextName?: string): Promise<MikroORM> {
  const orm = booted.get<unknown, MikroORM>(
    contextName === undefined ? MikroORM : getMikroORMToken(contextName),
  );
  await orm.schema.create();
  return orm;
}

async function writeTag(orm: MikroORM, name: string): Promise<void> {
  const em = orm.em.fork() as EntityManager;
  em.create(Tag, { name });
  await em.flush();
}

describe('an app with two MikroORM configurations', () => {
  it('audits each into its own database', async () => {
    app = await bootApp({
      imports: [mikroOrm(0, orders), mikroOrm(1, [Tag], 'archive'), AuditModule.forRoot()],
    });
    const [main, archive] = [await ormOf(app), await ormOf(app, 'archive')];
    await writeTag(archive, 'old');
    expect([await trailOf({ orm: main }), await trailOf({ orm: archive })]).toEqual([
      [],
      [['Tag', '1', 'create']],
    ]);
    const em = main.em.fork() as EntityManager;
    em.create(Order, { title: 'a', price: '1.00', views: 0, tags: [em.create(Tag, { name: 'new' })] });
    await em.flush();
    expect((await trailOf({ orm: main })).map(([type]) => type).sort()).toEqual(['Tag', 'order']);
    expect(await trailOf({ orm: archive })).toHaveLength(1);
  });

  it('audits a class that both know in whichever database it is written to', async () => {
    app = await bootApp({
      imports: [mikroOrm(0, [Tag], 'first'), mikroOrm(1, [Tag], 'second'), AuditModule.forRoot()],
    });
    const [first, second] = [await ormOf(app, 'first'), await ormOf(app, 'second')];
    for (const orm of [first, second, first]) {
      const em = orm.em.fork() as EntityManager;
      const tag = em.create(Tag, { name: `n${await em.count(Tag)}` });
      await em.flush();
      tag.name += ' renamed';
      await em.flush();
    }
    expect((await trailOf({ orm: first })).map(([, id, operation]) => [id, operation])).toEqual([
      ['1', 'create'],
      ['1', 'update'],
      ['2', 'create'],
      ['2', 'update'],
    ]);
    expect((await trailOf({ orm: second })).map(([, id, operation]) => [id, operation])).toEqual([
      ['1', 'create'],
      ['1', 'update'],
    ]);
  });

  it('reads the history of a class from the configuration that audits it', async () => {
    app = await bootApp({
      imports: [mikroOrm(0, [Tag], 'first'), mikroOrm(1, orders, 'second'), AuditModule.forRoot()],
    });
    await ormOf(app, 'first');
    const em = (await ormOf(app, 'second')).em.fork() as EntityManager;
    const order = em.create(Order, { title: 'a', price: '1.00', views: 0 });
    await em.flush();
    expect((await app.get(AuditReader).history(Order, order.id)).items).toHaveLength(1);
  });

  it('writes two revisions where both take part in one piece of work, nested or not', async () => {
    app = await bootApp({
      imports: [mikroOrm(0, [Tag], 'first'), mikroOrm(1, [Tag], 'second'), AuditModule.forRoot()],
    });
    const [first, second] = [await ormOf(app, 'first'), await ormOf(app, 'second')];
    await first.em.fork().transactional(async (outer) => {
      outer.create(Tag, { name: 'outer' });
      await second.em.fork().transactional((inner) => void inner.create(Tag, { name: 'inner' }));
    });
    expect([await trailOf({ orm: first }), await trailOf({ orm: second })]).toEqual([
      [['Tag', '1', 'create']],
      [['Tag', '1', 'create']],
    ]);
  });

  it('needs no audit tables where nothing is audited', async () => {
    app = await bootApp({
      imports: [mikroOrm(0, [Tag]), mikroOrm(1, [Visit], 'visits', false), AuditModule.forRoot()],
    });
    const [main, visits] = [await ormOf(app), await ormOf(app, 'visits')];
    await writeTag(main, 'x');
    const em = visits.em.fork() as EntityManager;
    em.create(Visit, {});
    await em.flush();
    expect(await trailOf({ orm: main })).toHaveLength(1);
  });

  it('does not start when only the second cannot be audited, and names it', async () => {
    const refusal = await refusalOf([
      mikroOrm(0, [Tag]),
      mikroOrm(1, [Tag], 'archive', false),
      AuditModule.forRoot(),
    ]);
    expect(refusal).toBeInstanceOf(AuditConfigurationError);
    expect(String(refusal)).toContain('The MikroORM configuration "archive" has audited entities');
  });

  it('does not start when the logs of both would have one name or one trail, or one has a name that no log can have', async () => {
    const evidence: EvidenceOptions = {
      origin: 'example.com/audit',
      signers: (origin) => [Ed25519Signer.of(origin, newKey())],
      publishers: [new MemoryPublisher()],
    };
    // Nest names what it injects, and MikroORM is told nothing of it.
    class Archive {
      createMikroOrmOptions() {
        return testOrmOptions({ url: databases[1]?.url ?? '', entities: [Tag] });
      }
    }
    const archive = MikroOrmModule.forRootAsync({ contextName: 'archive', useClass: Archive });
    for (const [second, text] of [
      [archive, /have the contextName "default".*sealed as the log example\.com\/audit\./],
      [
        mikroOrm(1, [Tag], 'the archive'),
        /"the archive" cannot be sealed: "example\.com\/audit\/the archive"/,
      ],
      [mikroOrm(0, [Tag], 'tags'), /"default" and "tags" keep their trail in the same tables/],
    ] as const) {
      const refusal = await refusalOf([mikroOrm(0, [Tag]), second, AuditModule.forRoot({ evidence })]);
      expect(refusal).toBeInstanceOf(AuditConfigurationError);
      expect(String(refusal)).toMatch(text);
    }
  });
});

describe('the audit tables', () => {
  it('are never audited themselves, even when the app has a policy for them', async () => {
    for (const [name, policy] of [['AuditChange', auditPolicy(AuditChange)]] as const) {
      const refusal = await refusalOf([mikroOrm(0, [Tag]), AuditModule.forRoot({ policies: [policy] })]);
      expect(refusal).toBeInstanceOf(AuditConfigurationError);
      expect(String(refusal)).toContain(`${name} is an audit table`);
    }
  });

  it('leave no change of their own in the trail', async () => {
    app = await bootApp({ imports: [mikroOrm(0, [Tag]), AuditModule.forRoot()] });
    const orm = await ormOf(app);
    await writeTag(orm, 'x');
    expect(await trailOf({ orm })).toEqual([['Tag', '1', 'create']]);
  });
});
