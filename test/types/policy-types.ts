import { defineEntity, EntitySchema, p } from '@mikro-orm/core';
import {
  type AuditContext,
  Audited,
  AuditMask,
  AuditModule,
  type AuditModuleOptions,
  auditPolicy,
  systemActor,
} from 'nestjs-mikro-audit';
import { Line, Order } from '../support/fixtures/orders.js';

const Customer = defineEntity({
  name: 'Customer',
  properties: { id: p.integer().primary(), name: p.string() },
});
const Product = new EntitySchema<{ id: number; name: string }>({
  name: 'Product',
  properties: { id: { type: 'number', primary: true }, name: { type: 'string' } },
});

/** Compiled, never run: what the types of the options allow. */
export function policyTypes(context: AuditContext): void {
  auditPolicy(Order, { name: 'order', ignore: ['views', 'note'], mask: { code: 'hash', title: false } });
  auditPolicy(Line, { partOf: 'order', exact: true });
  auditPolicy(Customer, { ignore: ['name'], mask: { name: 'last4' } });
  auditPolicy(Product, { ignore: ['name'] });
  auditPolicy(Customer);

  // @ts-expect-error no property of an order
  auditPolicy(Order, { ignore: ['titel'] });
  // @ts-expect-error no property of an order
  auditPolicy(Order, { mask: { titel: 'redact' } });
  // @ts-expect-error no property of a customer
  auditPolicy(Customer, { ignore: ['nmae'] });
  // @ts-expect-error no property of a product
  auditPolicy(Product, { ignore: ['nmae'] });
  // @ts-expect-error no kind of mask
  auditPolicy(Order, { mask: { title: 'blur' } });
  // @ts-expect-error no property of a line
  auditPolicy(Line, { partOf: 'oder' });
  // @ts-expect-error no option
  auditPolicy(Order, { masks: {} });
  // @ts-expect-error a text is no entity
  auditPolicy('Order');

  // @ts-expect-error no option
  Audited({ nmae: 'order' });
  // @ts-expect-error no kind of mask
  AuditMask('blur');

  // @ts-expect-error no option
  AuditModule.forRoot({ actors: () => null });
  // @ts-expect-error a resolver gives an actor or null
  AuditModule.forRoot({ resolveActor: () => 'anna' });
  // @ts-expect-error no type of actor
  AuditModule.forRoot({ resolveActor: () => ({ type: 'robot', id: '1', label: null }) });
  AuditModule.forRoot({ resolveActor: () => Promise.resolve(systemActor('x')), isGlobal: false });
  AuditModule.forRootAsync({ useFactory: (): AuditModuleOptions => ({}) });
  // @ts-expect-error a factory gives options
  AuditModule.forRootAsync({ useFactory: () => 7 });

  const result: number = context.run({ actor: systemActor('job'), reason: 'x' }, () => 7);
  const later: Promise<number> = context.run({ metadata: { a: [1, null] } }, () => Promise.resolve(7));
  // @ts-expect-error metadata is JSON
  context.assign({ metadata: { at: new Date() } });
  // @ts-expect-error an actor has a type
  context.assign({ actor: { id: '1', label: null } });
  // @ts-expect-error no value of a context
  context.assign({ user: 'anna' });

  void [result, later];
}
