import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule, type MikroOrmModuleSyncOptions } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { AuditModule, AuditPostgreSqlDriver, auditEntities } from 'nestjs-mikro-audit';
import { Book } from './book.js';
import { BooksController } from './books.controller.js';

// #region module
export const mikroOrmConfig: MikroOrmModuleSyncOptions = {
  driver: AuditPostgreSqlDriver,
  clientUrl: process.env.BOOKS_DATABASE_URL ?? 'postgresql://localhost/books',
  entities: [Book, ...auditEntities],
  metadataProvider: ReflectMetadataProvider,
};

@Module({
  imports: [MikroOrmModule.forRoot(mikroOrmConfig), AuditModule.forRoot()],
  controllers: [BooksController],
})
export class AppModule {}
// #endregion
