import { Collection, OptionalProps } from '@mikro-orm/core';
import {
  Embedded,
  Entity,
  Enum,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryKey,
  Property,
  Unique,
} from '@mikro-orm/decorators/legacy';
import { Audited, AuditIgnore } from 'nestjs-mikro-audit';
import { Customer } from '../customers/customer.entity.js';
import { Technician } from '../technicians/technician.entity.js';
import { Address } from './address.embeddable.js';
import { LineItem } from './line-item.entity.js';
import { Tag } from './tag.entity.js';

export const OPEN_STATUSES = ['open', 'in-progress', 'on-hold'] as const;
/** The others are reached through closing and cancelling only. */
export const STATUSES = [...OPEN_STATUSES, 'closed', 'cancelled'] as const;
export type Status = (typeof STATUSES)[number];

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** A piece of work at a customer's place. */
@Audited({ name: 'work-order', label: 'title' })
@Entity()
export class WorkOrder {
  [OptionalProps]?:
    | 'status'
    | 'priority'
    | 'price'
    | 'scheduledAt'
    | 'closedAt'
    | 'customFields'
    | 'technician'
    | 'updatedAt';

  @PrimaryKey()
  id!: number;

  /** The number that people know it by, such as `WO-1001`. */
  @Property()
  @Unique()
  number!: string;

  @Property()
  title!: string;

  @Enum({ items: [...STATUSES] })
  status: Status = 'open';

  @Enum({ items: [...PRIORITIES] })
  priority: Priority = 'normal';

  /** Agreed price; a string, because a JavaScript number cannot hold every decimal. */
  @Property({ type: 'decimal', precision: 12, scale: 2 })
  price: string = '0.00';

  @Property({ type: 'datetime', nullable: true })
  scheduledAt: Date | null = null;

  @Property({ type: 'datetime', nullable: true })
  closedAt: Date | null = null;

  @Embedded(() => Address)
  address!: Address;

  /** The fields that only this customer or trade needs. */
  @Property({ type: 'json' })
  customFields: Record<string, unknown> = {};

  @ManyToOne(() => Customer)
  customer!: Customer;

  @ManyToOne(() => Technician, { nullable: true })
  technician: Technician | null = null;

  @ManyToMany(() => Tag)
  tags = new Collection<Tag>(this);

  @OneToMany(() => LineItem, 'workOrder', { orphanRemoval: true })
  lineItems = new Collection<LineItem>(this);

  /** No trace of it: every revision says better when something changed. */
  @AuditIgnore()
  @Property({ onCreate: () => new Date(), onUpdate: () => new Date() })
  updatedAt!: Date;
}
