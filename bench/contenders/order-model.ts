import { randomUUID } from 'node:crypto';
import { defineEntity, p } from '@mikro-orm/core';

const now = Date.now();

/** The business tables of the benchmark: an order of 12 columns. Anew for each MikroORM instance. */
export function orderModel() {
  const Customer = defineEntity({
    name: 'Customer',
    tableName: 'customer',
    properties: { id: p.integer().primary(), name: p.string() },
  });
  const Order = defineEntity({
    name: 'Order',
    tableName: 'work_order',
    properties: {
      id: p.uuid().primary(),
      number: p.string(),
      customer: () => p.manyToOne(Customer),
      title: p.string(),
      status: p.string(),
      priority: p.string(),
      price: p.decimal('string').precision(12).scale(2),
      notes: p.text().nullable(),
      data: p.json().$type<object>(),
      scheduledAt: p.datetime(),
      createdAt: p.datetime(),
      updatedAt: p.datetime(),
    },
  });
  return { Customer, Order };
}

export type OrderModel = ReturnType<typeof orderModel>;

/** An order as the benchmark changes it. */
export interface OrderRow {
  id: string;
  status: string;
  price: string;
  updatedAt: Date;
}

/** Values of a new order, the same for every contender and peer but for the key. */
export function orderValues(index: number) {
  return {
    id: randomUUID(),
    number: `WO-2026-${index}`,
    title: `Replace the pump of unit ${index}`,
    status: 'open',
    priority: 'normal',
    price: '1250.00',
    notes: 'Customer asks for a call half an hour before we come.',
    data: { floor: 3, tools: ['wrench', 'seal'], access: { code: 'A12', dog: false } },
    scheduledAt: new Date(now + index * 1_000),
    createdAt: new Date(now),
    updatedAt: new Date(now),
  };
}

/** 2 or 3 of the 12 fields get another value than they had. */
export function changeOrder(order: OrderRow, repetition: number, fields: 2 | 3): void {
  order.status = order.status === 'open' ? 'closed' : 'open';
  order.updatedAt = new Date(now + (repetition + 1) * 1_000);
  if (fields === 3) {
    order.price = order.price === '1250.00' ? '1375.50' : '1250.00';
  }
}
