import { EntityManager } from '@mikro-orm/core';
import { Body, Controller, Get, Post, Req } from '@nestjs/common';
import { AuditReader } from 'nestjs-mikro-audit';
import type { TenantRequest } from './tenant.js';
import { Ticket } from './ticket.js';

@Controller('tickets')
export class TicketsController {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditReader,
  ) {}

  @Post()
  async create(@Body('title') title: string, @Req() { user }: TenantRequest) {
    const ticket = this.em.create(Ticket, { title, tenant: user?.tenant ?? '' });
    await this.em.flush();
    return { id: ticket.id };
  }

  @Get()
  async list() {
    const tickets = await this.em.find(Ticket, {}, { orderBy: { id: 'asc' } });
    const latest = await this.audit.latest(
      Ticket,
      tickets.map(({ id }) => id),
    );
    return tickets.map(({ title }, at) => ({ title, lastModifiedBy: latest[at]?.revision.actor.id ?? null }));
  }
}
