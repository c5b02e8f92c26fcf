import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import type { INestApplication, Type } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { AuditReader, type Change, type Revision } from 'nestjs-mikro-audit';
import * as quickStart from '../../docs/samples/quick-start.js';
import { bootBooks } from '../../docs/samples/testing.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

interface BootOptions {
  /** Of the books that are there, one after the other. */
  readonly stock?: readonly number[];
  readonly configure?: (app: INestApplication) => void;
  /** @default Express */
  readonly adapter?: AbstractHttpAdapter;
}

/** Boots the modules of samples on a database with books; each app is closed before the next test. */
export function useSampleApps() {
  let database: TestDatabase;
  const running: INestApplication[] = [];

  beforeAll(async () => {
    database = await createTestDatabase({ url: process.env.BOOKS_DATABASE_URL });
    await (await bootBooks()).close();
  });
  beforeEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.close()));
  });
  afterAll(async () => {
    await Promise.all(running.map((app) => app.close()));
    await database.drop();
  });

  /** Boots the module of a sample, with two books that the trail does not know. */
  async function boot(
    module: Type,
    { adapter, configure, stock = [9, 9] }: BootOptions = {},
  ): Promise<INestApplication> {
    const builder = await Test.createTestingModule({ imports: [module] }).compile();
    const app: INestApplication = adapter
      ? builder.createNestApplication(adapter, { logger: false })
      : builder.createNestApplication({ logger: false });
    running.push(app);
    const orm = app.get(MikroORM);
    await orm.schema.clear();
    const connection = orm.em.getConnection();
    for (const count of stock) {
      await connection.execute(`insert into book (title, stock) values ('Emma', ${count})`);
    }
    configure?.(app);
    await app.listen(0, '127.0.0.1');
    return app;
  }

  /** Waits for so many changes of books, oldest first. */
  async function changesOf(
    app: INestApplication,
    count: number,
  ): Promise<readonly Change<Record<string, unknown>, Revision>[]> {
    for (;;) {
      const { items } = await app.get(AuditReader).changes({ order: 'oldest', details: true });
      if (items.length >= count) {
        return items;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  const books = {
    get module() {
      return quickStart.BooksModule;
    },
    get databaseUrl() {
      return database.url;
    },
  };
  return { books, boot, changesOf };
}
