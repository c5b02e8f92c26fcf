import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuditContext, AuditModule, AuditReader, auditEntities } from 'nestjs-mikro-audit';
import request from 'supertest';
import * as basics from '../../docs/samples/basics.js';
import * as context from '../../docs/samples/context.js';
import * as jobs from '../../docs/samples/jobs.js';
import * as masking from '../../docs/samples/masking.js';
import * as quickStart from '../../docs/samples/quick-start.js';
import * as testing from '../../docs/samples/testing.js';
import * as transactions from '../../docs/samples/transactions.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { testOrmOptions } from '../support/orm.js';
import type { TestEntity } from '../support/test-entity.js';

describe('the samples run', () => {
  let database: TestDatabase;
  let app: INestApplication;
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
    database = await createTestDatabase({ url: process.env.BOOKS_DATABASE_URL });
  });

  afterAll(async () => {
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

    it('reads: basics', async () => {
      const id = await addBook('Emma', 3);
      const manager = em();
      const book = await manager.findOneOrFail(quickStart.Book, id);
      book.stock = 2;
      manager.create(quickStart.Book, { title: 'Persuasion', stock: 0 });
      await manager.flush();
      expect(await basics.tell(audit, id)).toEqual([
        'unknown: update stock: 3 -> 2',
        'unknown: create id: undefined -> 1, title: undefined -> Emma, stock: undefined -> 3',
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
      const customer = (id: string) => ({ type: 'user', id, label: null }) as const;
      await transactions.sellAll(em(), app.get(AuditContext), [
        { bookId: to, customer: customer('ada') },
        { bookId: to, customer: customer('ben') },
      ]);
      const { items } = await audit.history(quickStart.Book, to, { limit: 2 });
      expect(items.map(({ revision, after }) => [revision.actor.id, after?.stock])).toEqual([
        ['ben', 0],
        ['ada', 1],
      ]);
    });

    it('a test of a user: testing', async () => {
      const id = await addBook('Emma', 3);
      await testing.testOfRename(app, id);
      await testing.testOfReports();
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
            resolveActor: context.shopActor,
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
