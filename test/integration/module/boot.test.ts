import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventManager } from '@mikro-orm/core';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import {
  type DynamicModule,
  type INestApplication,
  Injectable,
  Module,
  type OnModuleInit,
} from '@nestjs/common';
import {
  AuditContext,
  AuditModule,
  type AuditModuleOptions,
  AuditReader,
  systemActor,
} from 'nestjs-mikro-audit';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { Order, orderEntities, Tag } from '../../support/fixtures/orders.js';
import { testOrmOptions } from '../../support/orm.js';
import { revisionCount, trailOf } from '../../support/trail.js';
import { bootApp } from './boot-app.js';

let template: TestDatabase;
let database: TestDatabase;
let app: INestApplication | undefined;

beforeAll(async () => {
  template = await createTestDatabase();
  const orm = await MikroORM.init(testOrmOptions({ url: template.url, entities: orderEntities }));
  await orm.schema.create();
  await orm.close(true);
});

beforeEach(async () => {
  database = await createTestDatabase({ template: new URL(template.url).pathname.slice(1) });
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await database.drop();
});

afterAll(async () => {
  await template.drop();
});

function mikroOrm() {
  return MikroOrmModule.forRoot(testOrmOptions({ url: database.url, entities: orderEntities }));
}

/** A tag, written with the given EntityManager. */
async function writeTag(em: EntityManager, name = 'x'): Promise<Tag> {
  const tag = em.create(Tag, { name });
  await em.flush();
  return tag;
}

const actorOf = async (orm: MikroORM, reader: AuditReader) => {
  const tag = await writeTag(orm.em.fork() as EntityManager);
  const { items } = await reader.history(Tag, tag.id);
  return items[0]?.revision.actor;
};

/** Writes when the app starts. */
@Injectable()
class Seeder implements OnModuleInit {
  constructor(readonly orm: MikroORM) {}

  async onModuleInit(): Promise<void> {
    await writeTag(this.orm.em.fork() as EntityManager, 'seeded');
  }
}

@Module({ providers: [Seeder] })
class SeedModule {}

@Injectable()
class Feature {
  constructor(
    readonly reader: AuditReader,
    readonly context: AuditContext,
  ) {}
}

@Module({ providers: [Feature], exports: [Feature] })
class FeatureModule {
  static importing(audit: DynamicModule): DynamicModule {
    return { module: FeatureModule, imports: [audit] };
  }
}

describe('AuditModule.forRoot', () => {
  it('audits with no options at all', async () => {
    app = await bootApp({ imports: [mikroOrm(), AuditModule.forRoot()] });
    const orm = app.get<unknown, MikroORM>(MikroORM);
    await writeTag(orm.em.fork() as EntityManager);
    expect(await trailOf({ orm })).toEqual([['Tag', '1', 'create']]);
  });

  it('boots regardless of import order', async () => {
    app = await bootApp({ imports: [AuditModule.forRoot(), mikroOrm()] });
    const orm = app.get<unknown, MikroORM>(MikroORM);
    await writeTag(orm.em.fork() as EntityManager);
    expect(await revisionCount({ orm })).toBe(1);
  });

  it('is global: other modules inject its services without importing it', async () => {
    app = await bootApp({ imports: [mikroOrm(), AuditModule.forRoot(), FeatureModule] });
    const feature = app.get(Feature);
    expect(feature.reader).toBe(app.get(AuditReader));
    expect(feature.context).toBe(app.get(AuditContext));
  });

  it('is not global on request', async () => {
    const modules = [mikroOrm(), AuditModule.forRoot({ isGlobal: false }), FeatureModule];
    await expect(bootApp({ imports: modules })).rejects.toThrow(/can't resolve dependencies of the Feature/);
    const audit = AuditModule.forRoot({ isGlobal: false });
    app = await bootApp({ imports: [mikroOrm(), FeatureModule.importing(audit)] });
    const orm = app.get<unknown, MikroORM>(MikroORM);
    await writeTag(orm.em.fork() as EntityManager);
    const { reader } = app.get(Feature, { strict: false });
    expect((await reader.history(Tag, 1)).items).toHaveLength(1);
  });
});

describe('AuditModule.forRootAsync', () => {
  const actor = () => systemActor('from options');

  it('takes options from a factory', async () => {
    const { policies: _none, ...options }: AuditModuleOptions = { resolveActor: actor };
    app = await bootApp({ imports: [mikroOrm(), AuditModule.forRootAsync({ useFactory: () => options })] });
    const context = app.get(AuditContext);
    expect(context.current()).toBeNull();
    expect(await actorOf(app.get<unknown, MikroORM>(MikroORM), app.get(AuditReader))).toMatchObject({
      type: 'unknown',
    });
  });

  it('takes options from an asynchronous factory with injected providers', async () => {
    const HASH_KEY = Symbol('hash key');
    @Module({ providers: [{ provide: HASH_KEY, useValue: 'a key from configuration' }], exports: [HASH_KEY] })
    class ConfigurationModule {}
    const received: unknown[] = [];
    app = await bootApp({
      imports: [
        mikroOrm(),
        AuditModule.forRootAsync({
          imports: [ConfigurationModule],
          inject: [HASH_KEY],
          useFactory: (hashKey: string) => {
            received.push(hashKey);
            return Promise.resolve({ hashKey });
          },
        }),
      ],
    });
    expect(received).toEqual(['a key from configuration']);
    expect(app.get(AuditReader)).toBeInstanceOf(AuditReader);
  });

  it('takes options from a class that makes them', async () => {
    let made = 0;
    @Injectable()
    class AuditOptions {
      create(): AuditModuleOptions {
        made++;
        return { maxValueBytes: 300 };
      }
    }
    app = await bootApp({ imports: [mikroOrm(), AuditModule.forRootAsync({ useClass: AuditOptions })] });
    expect(made).toBe(1);
    const orm = app.get<unknown, MikroORM>(MikroORM);
    const em = orm.em.fork() as EntityManager;
    const order = em.create(Order, { title: 'a', price: '1', views: 0, note: 'x'.repeat(1000) });
    await em.flush();
    const { items } = await app.get(AuditReader).history(Order, order.id);
    expect(items[0]?.after?.note).toMatchObject({ kind: 'cut' });
  });

  it('is global by default, too', async () => {
    app = await bootApp({
      imports: [mikroOrm(), AuditModule.forRootAsync({ useFactory: () => ({}) }), FeatureModule],
    });
    expect(app.get(Feature).reader).toBe(app.get(AuditReader));
  });
});

describe('auditing starts before anything is written', () => {
  it.each([true, false])('by a module that writes in onModuleInit (isGlobal: %s)', async (isGlobal) => {
    const audit = AuditModule.forRoot({ isGlobal });
    const seeding = isGlobal ? SeedModule : { module: SeedModule, imports: [audit] };
    app = await bootApp({ imports: isGlobal ? [mikroOrm(), seeding, audit] : [mikroOrm(), seeding] });
    expect(await trailOf({ orm: app.get<unknown, MikroORM>(MikroORM) })).toEqual([['Tag', '1', 'create']]);
  });

  it('for forks made before boot and after it, with and without an event manager of their own', async () => {
    const early: EntityManager[] = [];
    @Module({})
    class EarlyModule {
      constructor(orm: MikroORM) {
        early.push(orm.em.fork() as EntityManager, orm.em.fork({ freshEventManager: true }) as EntityManager);
      }
    }
    app = await bootApp({ imports: [mikroOrm(), AuditModule.forRoot(), EarlyModule] });
    const orm = app.get<unknown, MikroORM>(MikroORM);
    const late = [orm.em.fork(), orm.em.fork({ freshEventManager: true })] as EntityManager[];
    for (const [index, em] of [...early.slice(0, 1), ...late].entries()) {
      await writeTag(em, `tag ${index}`);
    }
    expect(await revisionCount({ orm })).toBe(3);
    for (const em of late) {
      expect(em.getEventManager()).toBeInstanceOf(EventManager);
    }
  });

  it('once per transaction, in a fork with an event manager of its own, and in a fork of that', async () => {
    app = await bootApp({ imports: [mikroOrm(), AuditModule.forRoot()] });
    const orm = app.get<unknown, MikroORM>(MikroORM);
    const fork = orm.em.fork({ freshEventManager: true }) as EntityManager;
    await fork.transactional((em) => void em.create(Tag, { name: 'x' }));
    await writeTag(fork.fork() as EntityManager, 'y');
    expect(await trailOf({ orm })).toEqual([
      ['Tag', '1', 'create'],
      ['Tag', '2', 'create'],
    ]);
  });
});
