import { Entity, Filter, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';

@Audited({ name: 'ticket', label: 'title' })
@Filter({ name: 'tenant', cond: ({ tenant }) => ({ tenant }), default: true })
@Entity()
export class Ticket {
  @PrimaryKey({ type: 'integer' }) id!: number;
  @Property({ type: 'text' }) tenant!: string;
  @Property({ type: 'text' }) title!: string;
}
