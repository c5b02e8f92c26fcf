import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import type { INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuditContext, AuditReader, systemActor } from 'nestjs-mikro-audit';
import { Book } from '../../docs/samples/quick-start.js';
import {
  BookRemoval,
  CatalogueExport,
  handleMessage,
  importBooks,
  Member,
  strictAuditing,
  toMessage,
  whoLooked,
} from '../../docs/samples/why.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { testOrmOptions } from '../support/orm.js';

describe('the samples of actors, reasons and reads run', () => {
  let database: TestDatabase;
  let app: INestApplicationContext;
  let context: AuditContext;
  let reader: AuditReader;
  const anna = { type: 'user', id: 'anna', label: null } as const;

  beforeAll(async () => {
    database = await createTestDatabase();
    const module = await Test.createTestingModule({
      imports: [
        MikroOrmModule.forRoot(
          testOrmOptions({
            url: database.url,
            entities: [Book, Member],
            orm: { metadataProvider: ReflectMetadataProvider },
          }),
        ),
        strictAuditing,
      ],
      providers: [BookRemoval, CatalogueExport],
    }).compile();
    app = await module.init();
    [context, reader] = [app.get(AuditContext), app.get(AuditReader)];
    await app.get(MikroORM).schema.create();
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  function create(title: string): Promise<number> {
    return context.run({ actor: anna }, async () => {
      const em = app.get(MikroORM).em.fork();
      const book = em.create(Book, { title, stock: 1 });
      await em.flush();
      return book.id;
    });
  }

  it('nobody writes without an actor, nor removes without a reason', async () => {
    const id = await create('Emma');
    const removal = app.get(BookRemoval);
    await expect(removal.remove(id)).rejects.toThrow('AUDIT_REASON_MISSING');
    await expect(context.run({ reason: 'lost' }, () => removal.remove(id))).rejects.toThrow(
      'AUDIT_ACTOR_MISSING',
    );
    await context.run({ actor: anna, reason: 'lost' }, () => removal.remove(id));
    const [removed] = (await reader.history(Book, id)).items;
    expect(removed?.revision).toMatchObject({ actor: anna, action: 'book.remove', reason: 'lost' });
  });

  it('a worker goes on for the user', async () => {
    const id = await create('Persuasion');
    const message = await context.run({ actor: anna, reason: 'torn', correlationId: 'r-1' }, () =>
      toMessage(context, id),
    );
    await handleMessage(context, app.get(BookRemoval), message);
    const [removed] = (await reader.history(Book, id, { details: true })).items;
    expect(removed?.revision).toMatchObject({
      actor: systemActor('book-worker'),
      onBehalfOf: anna,
      reason: 'torn',
      correlationId: 'r-1',
    });
  });

  it('denied actions and suspensions are in the trail', async () => {
    await context.run({ actor: anna }, async () => {
      await app.get(CatalogueExport).refuse('no contract');
      await importBooks(context, async () => {
        const em = app.get(MikroORM).em.fork();
        em.create(Book, { title: 'Imported', stock: 1 });
        await em.flush();
      });
    });
    const actions = await app
      .get(MikroORM)
      .em.getConnection()
      .execute<object[]>(
        "select action, outcome from audit_change where revision_id is null and action not like 'book.%' order by id",
      );
    expect(actions).toEqual([
      { action: 'catalog.export', outcome: 'denied' },
      { action: 'audit.suspend', outcome: 'success' },
      { action: 'audit.resume', outcome: 'success' },
    ]);
    expect((await reader.changes({ text: 'Imported' })).items).toEqual([]);
  });

  it('who looked at a member is known', async () => {
    await context.run({ actor: anna }, async () => {
      const em = app.get(MikroORM).em.fork();
      const { id } = em.create(Member, { id: 7, name: 'Bo' });
      await em.flush();
      expect(await whoLooked(reader, id)).toEqual([]);
      await app.get(MikroORM).em.fork().findOneOrFail(Member, id);
      expect(await whoLooked(reader, id)).toEqual(['anna']);
    });
  });
});
