import type { EntityManager } from '@mikro-orm/core';
import { defineEntity, p } from '@mikro-orm/postgresql';

function orderProperties() {
  return {
    id: p.integer().primary(),
    number: p.string(),
    title: p.string(),
    status: p.string(),
    priority: p.string(),
    price: p.decimal('string').precision(12).scale(2),
    customerId: p.integer(),
    notes: p.text().nullable(),
    data: p.json(),
    scheduledAt: p.datetime(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  };
}

/** An order of 12 columns, audited. */
export const AuditedOrder = defineEntity({ name: 'AuditedOrder', properties: orderProperties() });
/** Its twin, which nobody audits: what the same work sends without us. */
export const PlainOrder = defineEntity({ name: 'PlainOrder', properties: orderProperties() });

export type Twin = typeof AuditedOrder | typeof PlainOrder;

const DAY = Date.UTC(2026, 10, 24);

/** Persists new orders; the caller flushes. */
export function createOrders(em: EntityManager, entity: Twin, count: number) {
  return Array.from({ length: count }, (_, index) =>
    em.create(entity, {
      number: `WO-2026-${index}`,
      title: `Replace the pump of unit ${index}`,
      status: 'open',
      priority: 'normal',
      price: '1250.00',
      customerId: index,
      notes: 'Customer asks for a call half an hour before we come.',
      data: { floor: 3, tools: ['wrench', 'seal'] },
      scheduledAt: new Date(DAY),
      createdAt: new Date(DAY),
      updatedAt: new Date(DAY),
    }),
  );
}

/** Changes 3 of the 12 fields; `mark` makes every value one that occurs nowhere else. */
export function changeOrders(orders: ReturnType<typeof createOrders>, mark: number): void {
  for (const [index, order] of orders.entries()) {
    const number = String(index).padStart(5, '0');
    order.status = `s${mark}x${number}`;
    order.price = `${mark}${number}.50`;
    order.updatedAt = new Date(DAY + mark * 86_400_000 + index);
  }
}
