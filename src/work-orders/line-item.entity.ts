import type { Rel } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';
import { WorkOrder } from './work-order.entity.js';

/** One position on a work order. */
@Audited({ name: 'line-item', label: 'description', partOf: 'workOrder' })
@Entity()
export class LineItem {
  @PrimaryKey()
  id!: number;

  @ManyToOne(() => WorkOrder)
  workOrder!: Rel<WorkOrder>;

  @Property()
  description!: string;

  @Property()
  quantity!: number;

  @Property({ type: 'decimal', precision: 12, scale: 2 })
  unitPrice!: string;
}
