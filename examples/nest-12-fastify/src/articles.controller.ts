import { EntityManager } from '@mikro-orm/core';
import { Body, Controller, Param, ParseIntPipe, Patch, Post } from '@nestjs/common';
import { Article } from './article.js';

@Controller('articles')
export class ArticlesController {
  constructor(private readonly em: EntityManager) {}

  @Post()
  async create(@Body('title') title: string) {
    const article = this.em.create(Article, { title, draft: null });
    await this.em.flush();
    return { id: article.id };
  }

  @Patch(':id')
  async rename(@Param('id', ParseIntPipe) id: number, @Body('title') title: string) {
    const article = await this.em.findOneOrFail(Article, id);
    article.title = title;
    await this.em.flush();
    return { id };
  }
}
