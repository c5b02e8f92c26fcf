import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { INestApplication } from '@nestjs/common';
import { AuditReader } from 'nestjs-mikro-audit';
import pg from 'pg';
import request from 'supertest';
import { privileges } from '../../docs/samples/privileges.js';
import { Review } from '../../docs/samples/quick-start/review.js';
import * as quickStart from '../../docs/samples/quick-start.js';
import { bootBooks } from '../../docs/samples/testing.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { useAuditedApp } from '../support/use-audited-app.js';
import { fencedBlocks, readProjectFile, sampleText } from './markdown.js';

/** The history that the quick start shows. */
function quickStartAnswer(): { readonly items: readonly { readonly revision: object }[] } {
  const block = fencedBlocks('docs/01-quick-start.md').find(
    ({ language, text }) => language === 'json' && text.includes('"items"'),
  );
  return JSON.parse(block?.text ?? '');
}

it('asks for the lines of its own that the quick start counts, for auditing', () => {
  const linesOf = (sample: string) => sampleText(`quick-start/${sample}`).split('\n');
  const own = [...linesOf('book.ts'), ...linesOf('books.controller.ts')].filter((line) =>
    /audit(?!\.history)/i.test(line.replace(/\/\/.*/, '')),
  );
  const lines = own.length + linesOf('books.controller.ts#history-route').length;
  expect(lines).toBeLessThan(25);
  expect(readProjectFile('docs/01-quick-start.md')).toContain(`${lines} lines are for auditing`);
});

describe('the second entity of the quick start', () => {
  const suite = useAuditedApp({
    entities: [quickStart.Book, Review],
    orm: { metadataProvider: ReflectMetadataProvider },
    verify: false,
  });

  it('is part of the story of the first, has its label, and shows nothing that is masked', async () => {
    const { em, reader } = suite;
    const book = em.create(quickStart.Book, { title: 'Emma', stock: 3 });
    em.create(Review, {
      book,
      headline: 'Charming',
      email: 'anna@example.org',
      phone: '+44 20 7946 0123',
      views: 0,
    });
    await em.flush();
    const { items } = await reader.changes({ partOf: { entity: quickStart.Book, id: book.id } });
    expect(items.map(({ entityType, labels }) => `${entityType} ${labels?.own}`).sort()).toEqual([
      'book Emma',
      'review Charming',
    ]);
    const review = items.find(({ entityType }) => entityType === 'review');
    expect(JSON.parse(JSON.stringify(review?.after))).toEqual({
      id: 1,
      book: 1,
      headline: 'Charming',
      email: { kind: 'redact', value: null },
      phone: { kind: 'last4', value: '0123' },
    });
  });
});

describe('the app of the quick start', () => {
  let database: TestDatabase;
  let app: INestApplication;

  beforeAll(async () => {
    database = await createTestDatabase({ url: process.env.BOOKS_DATABASE_URL });
    app = await bootBooks();
  });
  beforeEach(async () => {
    await app.get(MikroORM).schema.clear();
  });
  afterAll(async () => {
    await app?.close();
    await database.drop();
  });

  it('records the history that the quick start shows, over HTTP', async () => {
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

  it('has privileges that are enough for the role of the app', async () => {
    const own = `books${database.url.slice(-12)}_`;
    const role = `${own}app`;
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const limited = new pg.Client({ connectionString: withUser(database.url, role) });
    try {
      await client.query(`create role ${role} login password 'secret'`);
      await client.query(`create role ${own}audit; create role ${own}auditor`);
      await client.query(`grant all on book to ${role}; grant usage on sequence book_id_seq to ${role}`);
      await client.query(privileges.replaceAll('books_', own));
      await limited.connect();
      const manager = app.get<unknown, MikroORM>(MikroORM).em.fork() as EntityManager;
      await manager.transactional(async (tx) => {
        await tx.execute(`set local role ${role}`);
        tx.create(quickStart.Book, { title: 'Emma', stock: 3 });
      });
      expect((await app.get(AuditReader).history(quickStart.Book, 1)).items).toHaveLength(1);
      await expect(limited.query('delete from audit_change')).rejects.toThrow('permission denied');
      await expect(limited.query('update audit_change set reason = $1', ['x'])).rejects.toThrow(
        'permission denied',
      );
      await expect(limited.query('truncate audit_change')).rejects.toThrow('permission denied');
    } finally {
      await limited.end();
      for (const name of [role, `${own}audit`, `${own}auditor`]) {
        await client.query(
          `reassign owned by ${name} to current_user; drop owned by ${name}; drop role ${name}`,
        );
      }
      await client.end();
    }
  });
});

function withUser(url: string, user: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = 'secret';
  return changed.href;
}
