import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/es';
import { Audited, type AuditPolicy } from 'nestjs-mikro-audit';

@Audited({ name: 'book' })
@Entity()
export class Book {
  @PrimaryKey({ type: 'integer' }) id!: number;
  @Property({ type: 'string' }) title!: string;
  @Property({ type: 'decimal' }) price!: string;
}

export const metadata = {};
export const policies: AuditPolicy[] = [];
