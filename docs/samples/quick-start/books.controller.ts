import { EntityManager } from '@mikro-orm/core';
import { Body, Controller, Get, Param, ParseIntPipe, Post } from '@nestjs/common';
import { AuditReader } from 'nestjs-mikro-audit';
import { Book } from './book.js';

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
