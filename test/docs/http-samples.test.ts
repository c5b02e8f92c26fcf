import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuditContext, AuditModule } from 'nestjs-mikro-audit';
import { AuditExportReader } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import * as samples from '../../docs/samples/http.js';
import { Book } from '../../docs/samples/quick-start.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { testOrmOptions } from '../support/orm.js';

/** Who the app says the request is of. */
interface Signed {
  user?: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

describe('the samples of the HTTP guide', () => {
  let database: TestDatabase;
  let app: INestApplication;

  beforeAll(async () => {
    database = await createTestDatabase({ url: process.env.BOOKS_DATABASE_URL });
    const orm = testOrmOptions({
      url: database.url,
      entities: [Book],
      orm: { metadataProvider: ReflectMetadataProvider },
    });
    const module = await Test.createTestingModule({
      imports: [MikroOrmModule.forRoot(orm), AuditModule.forRoot({}), samples.TrailModule],
    }).compile();
    app = module.createNestApplication({ logger: false });
    app.use((incoming: Signed, _response: unknown, next: () => void) => {
      const { 'x-user': user } = incoming.headers;
      incoming.user = user && JSON.parse(user);
      next();
    });
    await app.init();
    await app.get(MikroORM).schema.create();
    for (const tenant of ['a', 'b']) {
      const em = app.get(MikroORM).em.fork();
      em.create(Book, { title: `Emma of ${tenant}`, stock: 3 });
      await app.get(AuditContext).run({ metadata: { tenant } }, () => em.flush());
    }
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  const get = (path: string, user?: object) => {
    const test = request(app.getHttpServer()).get(`/audit${path}`);
    return user ? test.set('x-user', JSON.stringify(user)) : test;
  };

  it('shows strangers, clerks and admins of a tenant exactly what the policy allows', async () => {
    const [admin, clerk] = ['admin', 'clerk'].map((role) => ({ id: '7', role, tenant: 'a' }));
    expect((await get('/changes')).status).toBe(401);
    expect((await get('/changes', clerk)).status).toBe(403);
    const { body } = await get('/changes', admin);
    expect(body.items.map(({ entityId }: { readonly entityId: string }) => entityId)).toEqual(['1']);
    const { body: history } = await get('/entities/book/1/history', clerk);
    expect(history.items[0].fields).toEqual(
      expect.arrayContaining([
        { path: 'title', after: 'Emma of a' },
        { path: 'stock', after: { $hidden: true } },
      ]),
    );
    expect((await get('/entities/book/2/history', clerk)).body.items).toEqual([]);
  });

  it('reads an export back', async () => {
    const { text } = await get('/export', { id: '7', role: 'admin', tenant: 'a' })
      .buffer(true)
      .parse((response, done) => {
        let all = '';
        response.on('data', (piece: Buffer) => {
          all += piece.toString();
        });
        response.on('end', () => done(null, all));
      })
      .then(({ body }) => ({ text: body as string }));
    async function* file() {
      yield Buffer.from(text);
    }
    expect(await samples.countChanges(app.get(AuditExportReader), file())).toBe(1);
  });
});
