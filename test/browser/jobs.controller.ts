import { EntityManager } from '@mikro-orm/core';
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { AuditRead } from 'nestjs-mikro-audit';
import { Job } from './workshop.js';

/** Takes what a request says as it is, headers and body. */
@Controller('jobs')
export class JobsController {
  constructor(private readonly em: EntityManager) {}

  @Post()
  async create(
    @Body() body: { readonly id: string; readonly title: string },
  ): Promise<{ readonly id: string }> {
    const em = this.em.fork();
    em.create(Job, { id: body.id, title: body.title });
    await em.flush();
    return { id: body.id };
  }

  @Get(':id')
  @AuditRead(Job)
  async read(@Param('id') id: string): Promise<{ readonly id: string; readonly title: string }> {
    const { title } = await this.em.fork().findOneOrFail(Job, id);
    return { id, title };
  }
}
