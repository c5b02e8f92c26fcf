// #region imports
import { EntityManager } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property, ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Body, Controller, Get, Module, Param, ParseIntPipe, Post } from '@nestjs/common';
import { Audited, AuditModule, AuditPostgreSqlDriver, AuditReader, auditEntities } from 'nestjs-mikro-audit';

// #endregion

// #region book
@Audited({ name: 'book' }) // stored with every change, so it outlives a rename of the class
@Entity()
export class Book {
  @PrimaryKey() id!: number;
  @Property() title!: string;
  @Property() stock!: number;
}
// #endregion

// #region controller
@Controller('books')
export class BooksController {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditReader,
  ) {}

  @Post()
  async create(@Body() { title, stock }: Book) {
    const book = this.em.create(Book, { title, stock });
    await this.em.flush(); // the change and its audit rows, in one transaction
    return book;
  }

  // #region history-route
  @Get(':id/history')
  history(@Param('id', ParseIntPipe) id: number) {
    return this.audit.history(Book, id, { limit: 20 }); // newest first
  }
  // #endregion
}
// #endregion

// #region module
const clientUrl = process.env.BOOKS_DATABASE_URL ?? 'postgresql://localhost/books';
const entities = [Book, ...auditEntities];
const orm = { driver: AuditPostgreSqlDriver, clientUrl, entities, metadataProvider: ReflectMetadataProvider };

@Module({
  imports: [MikroOrmModule.forRoot(orm), AuditModule.forRoot()],
  controllers: [BooksController],
})
export class BooksModule {}
// #endregion
