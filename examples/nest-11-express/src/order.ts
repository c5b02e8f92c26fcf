import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';

@Audited({ name: 'order', label: 'customer' })
@Entity({ tableName: 'orders' })
export class Order {
  @PrimaryKey({ type: 'integer' }) id!: number;
  @Property({ type: 'text' }) customer!: string;
  @Property({ type: 'text', hidden: true }) email!: string; // masked in the trail, because it is hidden
}

@Audited({ name: 'order-line', label: 'article', partOf: 'order' })
@Entity()
export class OrderLine {
  @PrimaryKey({ type: 'integer' }) id!: number;
  @ManyToOne(() => Order) order!: Order;
  @Property({ type: 'text' }) article!: string;
  @Property({ type: 'integer' }) quantity!: number;
}
