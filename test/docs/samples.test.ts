import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuditContext, AuditModule, AuditReader, auditEntities } from 'nestjs-mikro-audit';
import pg from 'pg';
import request from 'supertest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { testOrmOptions } from '../support/orm.js';
import type { TestEntity } from '../support/test-entity.js';
import { fencedBlocks, markdownFiles, readProjectFile, sampleText } from './markdown.js';

/** What the quick start says that its history is. */
function quickStartAnswer(): { readonly items: readonly { readonly revision: object }[] } {
  const block = fencedBlocks('docs/01-quick-start.md').find(
    ({ language, text }) => language === 'json' && text.includes('"items"'),
  );
  return JSON.parse(block?.text ?? '');
}

const LANGUAGES_OF_SAMPLES = ['ts', 'sql'];

describe('every sample in the documentation', () => {
  it('is byte for byte a region of a file in docs/samples, which the compiler checks', async () => {
    const blocks = (await markdownFiles())
      .flatMap(fencedBlocks)
      .filter(({ language }) => LANGUAGES_OF_SAMPLES.includes(language));
    expect(blocks.length).toBeGreaterThan(15);
    for (const { file, line, sample, text } of blocks) {
      const where = `${file}:${line}`;
      expect([where, sample]).toEqual([where, expect.any(String)]);
      expect([where, text]).toEqual([where, sampleText(sample ?? '')]);
    }
  });

  it('is shown with a language, so that no code escapes this test as plain text', async () => {
    const unnamed = (await markdownFiles()).flatMap(fencedBlocks).filter(({ language }) => language === '');
    expect(unnamed.map(({ file, line }) => `${file}:${line}`)).toEqual([]);
  });

  it('has the commands of the project at the top of README', () => {
    const [first, second] = fencedBlocks('README.md').filter(({ language }) => language === 'sh');
    expect([first?.text, second?.text]).toEqual(['npm ci && npm start', 'npm ci && npm test']);
    expect(second?.line).toBeLessThan(30);
    const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test', 'check']));
    expect(scripts.check).toMatch(/npm test$/);
    expect(readProjectFile('.ci/run')).toMatch(/^npm ci$[\s\S]*npm run check/m);
  });

  it('names only npm scripts that exist', async () => {
    const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };
    for (const file of await markdownFiles()) {
      for (const [, script = ''] of readProjectFile(file).matchAll(/npm run (?:-s )?([\w:]+)/g)) {
        expect([file, script, script in scripts]).toEqual([file, script, true]);
      }
    }
  });
});

describe('the samples run', () => {
  let database: TestDatabase;
  let app: INestApplication;
  let quickStart: typeof import('../../docs/samples/quick-start.js');
  let basics: typeof import('../../docs/samples/basics.js');
  let context: typeof import('../../docs/samples/context.js');
  let jobs: typeof import('../../docs/samples/jobs.js');
  let masking: typeof import('../../docs/samples/masking.js');
  let transactions: typeof import('../../docs/samples/transactions.js');
  let testing: typeof import('../../docs/samples/testing.js');
  let audit: AuditReader;

  const em = (): EntityManager => app.get<unknown, MikroORM>(MikroORM).em.fork() as EntityManager;
  const ormOptions = (entities: readonly TestEntity[]) =>
    testOrmOptions({ url: database.url, entities, orm: { metadataProvider: ReflectMetadataProvider } });
  const addBook = async (title: string, stock: number) => {
    const manager = em();
    const book = manager.create(quickStart.Book, { title, stock });
    await manager.flush();
    return book.id;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    process.env.BOOKS_DATABASE_URL = database.url;
    quickStart = await import('../../docs/samples/quick-start.js');
    basics = await import('../../docs/samples/basics.js');
    context = await import('../../docs/samples/context.js');
    jobs = await import('../../docs/samples/jobs.js');
    masking = await import('../../docs/samples/masking.js');
    transactions = await import('../../docs/samples/transactions.js');
    testing = await import('../../docs/samples/testing.js');
  });

  afterAll(async () => {
    delete process.env.BOOKS_DATABASE_URL;
    await database.drop();
  });

  describe('in the app of the quick start', () => {
    beforeAll(async () => {
      app = await testing.bootBooks();
      audit = app.get(AuditReader);
    });

    beforeEach(async () => {
      await app.get(MikroORM).schema.clear();
    });

    afterAll(async () => {
      await app.close();
    });

    it('audits what the quick start says, over HTTP', async () => {
      const server = app.getHttpServer();
      await request(server).post('/books').send({ title: 'Emma', stock: 3 }).expect(201);
      const { body } = await request(server).get('/books/1/history').expect(200);
      expect(body).toMatchObject({
        items: [
          {
            entityType: 'book',
            entityId: '1',
            operation: 'create',
            before: null,
            after: { id: 1, title: 'Emma', stock: 3 },
            revision: { actor: { type: 'unknown', id: null, label: null } },
          },
        ],
        nextCursor: null,
      });
      const [told] = quickStartAnswer().items;
      expect(Object.keys(body.items[0].revision)).toEqual(Object.keys(told?.revision ?? {}));
      const { items } = await app.get(AuditReader).history(quickStart.Book, 1, { details: true });
      expect(items[0]?.revision).toMatchObject({
        correlationId: expect.any(String),
        metadata: null,
        origin: { source: 'http', method: 'POST', route: '/books', handler: 'BooksController.create' },
      });
    });

    it('reads: basics', async () => {
      const id = await addBook('Emma', 3);
      const manager = em();
      const book = await manager.findOneOrFail(quickStart.Book, id);
      book.stock = 2;
      manager.create(quickStart.Book, { title: 'Persuasion', stock: 0 });
      await manager.flush();
      expect(await basics.tell(audit, id)).toEqual([
        'unknown: update stock: 3 -> 2',
        'unknown: create id: undefined -> 1, stock: undefined -> 3, title: undefined -> Emma',
      ]);
      expect((await basics.togetherWith(audit, id)).sort()).toEqual(['book 1', 'book 2']);
    });

    it('jobs and consumers: jobs', async () => {
      const id = await addBook('Emma', 3);
      const auditContext = app.get(AuditContext);
      await new jobs.ReorderJob(em(), auditContext).run('run-1');
      await jobs.handle({ bookId: id, title: 'Emma!', correlationId: 'request-9' }, em(), auditContext);
      const { items } = await audit.history(quickStart.Book, id, { details: true });
      expect(
        items
          .toReversed()
          .slice(1)
          .map(({ after, revision }) => ({ after, revision })),
      ).toMatchObject([
        {
          after: { stock: 13 },
          revision: {
            actor: { type: 'system', id: 'reorder-job' },
            reason: 'stock below 5',
            correlationId: 'run-1',
            origin: { source: 'job' },
          },
        },
        {
          after: { title: 'Emma!' },
          revision: { actor: { id: 'rename-worker' }, correlationId: 'request-9' },
        },
      ]);
    });

    it('transactions: transactions', async () => {
      const [from, to] = [await addBook('Emma', 3), await addBook('Persuasion', 0)];
      await transactions.moveStock(em(), from, to, 2);
      expect((await basics.togetherWith(audit, from)).sort()).toEqual(['book 1', 'book 2']);
      await transactions.addWithExtra(em(), 'Sanditon', () => Promise.reject(new Error('no')));
      expect(await em().count(quickStart.Book)).toBe(3);
      await transactions.handMade(em(), 'Lady Susan');
      expect(await transactions.withRetry(em(), (fork) => fork.count(quickStart.Book))).toBe(4);
      const rows: { count: string }[] = await em()
        .getConnection()
        .execute(`select count(*) from audit_change where operation = 'create'`);
      expect(rows).toEqual([{ count: '4' }]);
    });

    it('a test of a user: testing', async () => {
      const id = await addBook('Emma', 3);
      expect(await testing.stepsOf(app, id)).toEqual([
        {
          operation: 'create',
          before: null,
          after: { id, title: 'Emma', stock: 3 },
          actor: { type: 'unknown', id: null, label: null },
        },
      ]);
    });

    it('privileges.sql is enough for the role of the app', async () => {
      const role = `books_app_${database.url.slice(-12)}`;
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      const limited = new pg.Client({ connectionString: withUser(database.url, role) });
      try {
        await client.query(`create role ${role} login password 'secret'`);
        await client.query(`grant all on book to ${role}; grant usage on sequence book_id_seq to ${role}`);
        await client.query(sampleText('privileges.sql').replaceAll('books_app', role));
        await limited.connect();
        const manager = em();
        await manager.transactional(async (tx) => {
          await tx.execute(`set local role ${role}`);
          tx.create(quickStart.Book, { title: 'Emma', stock: 3 });
        });
        expect((await audit.history(quickStart.Book, 1)).items).toHaveLength(1);
        await expect(limited.query('delete from audit_change')).rejects.toThrow('permission denied');
        await expect(limited.query('update audit_revision set reason = $1', ['x'])).rejects.toThrow(
          'permission denied',
        );
        await expect(limited.query('truncate audit_change')).rejects.toThrow('permission denied');
      } finally {
        await limited.end();
        await client.query(`drop owned by ${role}; drop role ${role}`);
        await client.end();
      }
    });
  });

  describe('in an app with all of them', () => {
    beforeAll(async () => {
      @Module({ controllers: [context.StockController] })
      class ContextModule {}
      const module = await Test.createTestingModule({
        imports: [
          MikroOrmModule.forRoot(ormOptions([quickStart.Book, basics.Author, masking.Member])),
          AuditModule.forRoot({
            actor: context.shopActor,
            hashKey: 'a-key-for-this-test-only',
            policies: [basics.authorPolicy],
          }),
          ContextModule,
        ],
      }).compile();
      app = module.createNestApplication();
      app.use((incoming: { employee?: object }, _response: unknown, next: () => void) => {
        incoming.employee = { number: 7, fullName: 'Ada' };
        next();
      });
      await app.init();
      await app.get(MikroORM).schema.refresh();
      audit = app.get(AuditReader);
    });

    afterAll(async () => {
      await app.close();
    });

    it('policies: basics', async () => {
      const manager = em();
      manager.create(basics.Author, { id: 1, name: 'Jane', notes: 'private' });
      await manager.flush();
      expect((await audit.history(basics.Author, 1)).items).toMatchObject([
        { entityType: 'author', after: { id: 1, name: 'Jane' } },
      ]);
      expect(JSON.stringify(await audit.history(basics.Author, 1))).not.toContain('private');
    });

    it('actor, action and reason: context', async () => {
      const id = await addBook('Emma', 3);
      const change = request(app.getHttpServer()).patch(`/books/${id}/stock`);
      await change.send({ counted: 5, reason: 'inventory' }).expect(200);
      const customer = { type: 'user', id: 'c1', label: null } as const;
      await context.actFor(app.get(AuditContext), customer, () =>
        jobs.handle({ bookId: id, title: 'x', correlationId: 'c' }, em(), app.get(AuditContext)),
      );
      const { items } = await audit.history(quickStart.Book, id, { details: true });
      expect(items[1]?.revision).toMatchObject({
        actor: { type: 'user', id: '7', label: 'Ada' },
        action: 'stock.count',
        reason: 'inventory',
        metadata: { shelf: 'A3' },
      });
      expect(items[0]?.revision).toMatchObject({ onBehalfOf: customer, reason: 'support case 4711' });
      expect(context.shopActor({ request: { apiClient: 'till' } })).toMatchObject({ type: 'service' });
      expect(context.shopActor({ request: {} })).toBeNull();
      const parts = [context.auditing, context.auditingAsync, auditEntities];
      expect(parts).toHaveLength(3);
    });

    it('masks: masking', async () => {
      const manager = em();
      manager.create(masking.Member, {
        name: 'Ada',
        phone: '+49 40 5550 1234',
        diagnosis: 'in the clear',
        taxNumber: '12 345 678',
        passwordHash: 'in the clear',
        tokenColour: 'blue',
        lastSeenPage: 'in the clear',
      });
      await manager.flush();
      const { items } = await audit.history(masking.Member, 1);
      const after = items[0]?.after ?? {};
      expect(Object.keys(after).sort()).toEqual(
        ['id', 'name', 'phone', 'diagnosis', 'taxNumber', 'passwordHash', 'tokenColour'].sort(),
      );
      expect(after).toMatchObject({
        name: 'Ada',
        phone: { kind: 'last4', value: '1234' },
        diagnosis: { kind: 'redact', value: null },
        taxNumber: { kind: 'hash', value: expect.stringMatching(/^[\da-f]{32}$/) },
        passwordHash: { kind: 'redact', value: null },
        tokenColour: 'blue',
      });
      expect(masking.show(after.phone)).toBe('…1234');
      expect(masking.show(after.passwordHash)).toBe('hidden');
      expect(masking.show(after.name)).toBe('Ada');
    });

    it('forRootAsync: context', async () => {
      const module = await Test.createTestingModule({
        imports: [MikroOrmModule.forRoot(ormOptions([quickStart.Book])), context.auditingAsync],
      }).compile();
      await module.init();
      await module.close();
    });
  });
});

function withUser(url: string, user: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = 'secret';
  return changed.href;
}
