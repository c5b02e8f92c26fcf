// #region cli
// node correct-title.js 42 "Pride and Prejudice"
import { EntityManager } from '@mikro-orm/core';
import { NestFactory } from '@nestjs/core';
import { AuditContext } from 'nestjs-mikro-audit';
import { Book, BooksModule } from './quick-start.js';

const [id, title = ''] = process.argv.slice(2);
const app = await NestFactory.createApplicationContext(BooksModule, { logger: ['error'] });
const actor = { type: 'user', id: process.env.USER ?? 'unknown', label: null } as const;
await app.get(AuditContext).run({ actor, reason: 'typo', origin: { source: 'cli' } }, async () => {
  const em = app.get(EntityManager).fork();
  const book = await em.findOneOrFail(Book, Number(id));
  book.title = title;
  await em.flush();
});
await app.close();
// #endregion
