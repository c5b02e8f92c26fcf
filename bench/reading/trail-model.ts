import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';

/** The audited entity of the trail that is read; its own table stays empty. */
export const Order = defineEntity({
  name: 'Order',
  tableName: 'work_order',
  properties: {
    id: p.uuid().primary(),
    title: p.string(),
    status: p.string(),
    price: p.decimal('string'),
    updatedAt: p.datetime(),
  },
});

export const orderPolicy = auditPolicy(Order, { name: 'order' });
