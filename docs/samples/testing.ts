// #region imports
import { MikroORM } from '@mikro-orm/core';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuditReader } from 'nestjs-mikro-audit';
import { Book, BooksModule } from './quick-start.js';

// #endregion

// #region boot
/** The real module on a real, empty test database. */
export async function bootBooks(): Promise<INestApplication> {
  const module = await Test.createTestingModule({ imports: [BooksModule] }).compile();
  const app = module.createNestApplication();
  await app.init();
  await app.get(MikroORM).schema.refresh();
  return app;
}
// #endregion

// #region steps
/** What the trail says of a book, oldest first, without what differs from run to run. */
export async function stepsOf(app: INestApplication, id: number) {
  const { items } = await app.get(AuditReader).history(Book, id);
  return items.toReversed().map(({ operation, before, after, revision }) => {
    return { operation, before, after, actor: revision.actor };
  });
}
// #endregion
