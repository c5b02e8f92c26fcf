import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuditModule } from 'nestjs-mikro-audit';
import request from 'supertest';
import { MetricsController } from '../../docs/samples/metrics.js';
import { Book, BooksController } from '../../docs/samples/quick-start.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { httpPlatforms } from '../support/http-platforms.js';
import { testOrmOptions } from '../support/orm.js';

/** A metric in the text format: its comments, its type, its only sample. */
const METRIC = /^# HELP (\w+) [^\n]+\n# TYPE \1 counter\n\1 (\d+)\n/;

/** By name; fails on anything that is not a metric. */
function parse(text: string): Record<string, number> {
  const values: Record<string, number> = {};
  for (let rest = text; rest !== ''; ) {
    const [metric, name = '', value] = METRIC.exec(rest) ?? [];
    if (metric === undefined) {
      throw new Error(`This is no metric: ${rest}`);
    }
    values[name] = Number(value);
    rest = rest.slice(metric.length);
  }
  return values;
}

describe.each(httpPlatforms)('the sample of metrics runs on %s', (_platform, adapter) => {
  let database: TestDatabase;
  let app: INestApplication;

  beforeAll(async () => {
    database = await createTestDatabase();
    const module = await Test.createTestingModule({
      imports: [
        MikroOrmModule.forRoot(
          testOrmOptions({
            url: database.url,
            entities: [Book],
            orm: { metadataProvider: ReflectMetadataProvider },
          }),
        ),
        AuditModule.forRoot({
          resolveActor: ({ request: incoming }) => {
            const { headers } = incoming as { readonly headers: Record<string, string | undefined> };
            const id = headers['x-user'];
            return id === undefined ? null : { type: 'user', id, label: null };
          },
        }),
      ],
      controllers: [BooksController, MetricsController],
    }).compile();
    app = module.createNestApplication(adapter(), { logger: false });
    await app.get(MikroORM).schema.create();
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  it('counts changes without a known actor', async () => {
    const create = (headers: Record<string, string>) =>
      request(app.getHttpServer()).post('/books').set(headers).send({ title: 'Emma', stock: 1 }).expect(201);
    await create({});
    await create({ 'x-user': 'ann' });
    const response = await request(app.getHttpServer()).get('/metrics').expect(200);
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(parse(response.text)).toEqual({
      mikro_audit_revisions_total: 2,
      mikro_audit_unattributed_total: 1,
      mikro_audit_entries_total: 0,
      mikro_audit_refused_total: 0,
      mikro_audit_reads_total: 0,
      mikro_audit_checks_total: 0,
      mikro_audit_findings_total: 0,
    });
  });
});
