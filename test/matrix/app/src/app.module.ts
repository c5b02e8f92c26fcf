import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { AuditModule, AuditPostgreSqlDriver, auditEntities } from 'nestjs-mikro-audit';
import { type AuditAccess, AuditHttpModule } from 'nestjs-mikro-audit/http';
import { Book, metadata, policies } from './book.js';
import { BooksController } from './books.controller.js';

const EVERYTHING: AuditAccess = {
  permissions: ['list', 'history', 'values'],
  entities: { '*': { within: 'all' } },
};

@Module({
  imports: [
    MikroOrmModule.forRoot({
      driver: AuditPostgreSqlDriver,
      clientUrl: process.env.MATRIX_DATABASE_URL ?? '',
      entities: [Book, ...auditEntities],
      ...metadata,
    }),
    AuditModule.forRoot({ policies }),
    AuditHttpModule.forRoot({
      access: {
        accessOf: (request: object) => {
          const { headers } = request as { readonly headers: Readonly<Record<string, unknown>> };
          return headers['x-user'] === undefined ? null : EVERYTHING;
        },
      },
    }),
  ],
  controllers: [BooksController],
})
export class AppModule {}
