import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { Book } from './book.js';
import { BooksController } from './books.controller.js';

@Module({
  imports: [
    MikroOrmModule.forRoot({
      driver: PostgreSqlDriver,
      clientUrl: process.env.BOOKS_DATABASE_URL ?? 'postgresql://localhost/books',
      entities: [Book],
      metadataProvider: ReflectMetadataProvider,
    }),
  ],
  controllers: [BooksController],
})
export class AppModule {}
