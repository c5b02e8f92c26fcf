import { EntityManager } from '@mikro-orm/core';
import { Body, Controller, Get, Param, ParseIntPipe, Patch, Post } from '@nestjs/common';
import { AuditReader } from 'nestjs-mikro-audit';
import { Order, OrderLine } from './order.js';

interface NewOrder {
  readonly customer: string;
  readonly email: string;
  readonly article: string;
  readonly quantity: number;
}

@Controller('orders')
export class OrdersController {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditReader,
  ) {}

  @Post()
  async create(@Body() { customer, email, article, quantity }: NewOrder) {
    const order = this.em.create(Order, { customer, email });
    this.em.create(OrderLine, { order, article, quantity });
    await this.em.flush(); // one transaction, so one revision
    return { id: order.id };
  }

  @Patch('lines/:id')
  async change(@Param('id', ParseIntPipe) id: number, @Body('quantity') quantity: number) {
    const line = await this.em.findOneOrFail(OrderLine, id);
    line.quantity = quantity;
    await this.em.flush();
    return { id };
  }

  /** The story of an order and of its lines. In your app, behind a guard: it shows what is no longer there. */
  @Get(':id/story')
  async story(@Param('id', ParseIntPipe) id: number) {
    const { items } = await this.audit.changes({ partOf: { entity: Order, id }, order: 'oldest' });
    return items.map(({ operation, entityType, labels, fields, revision: { actor } }) => ({
      by: actor.id,
      what: `${operation} ${entityType} ${labels?.own ?? ''}`,
      values: Object.fromEntries(fields.map(({ path, after }) => [path, after])),
    }));
  }
}
