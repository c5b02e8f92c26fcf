import { defineEntity, p } from '@mikro-orm/postgresql';
import { auditPolicy } from 'nestjs-mikro-audit';

const BookSchema = defineEntity({
  name: 'Book',
  properties: { id: p.integer().primary(), title: p.string(), price: p.decimal('string') },
});
export class Book extends BookSchema.class {}
BookSchema.setClass(Book);

export const metadata = {};
export const policies = [auditPolicy(Book, { name: 'book' })];
