import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import {
  Embeddable,
  Embedded,
  Entity,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  PrimaryKey,
  Property,
} from '@mikro-orm/decorators/legacy';
import { Audited, AuditIgnore, AuditMask } from 'nestjs-mikro-audit';

/** A shop whose orders have a value of every kind that can be asked for. */

@Embeddable()
export class Address {
  @Property({ type: 'string', nullable: true })
  street?: string | null;

  @Property({ type: 'string', nullable: true })
  city?: string | null;
}

@Embeddable()
export class Parcel {
  @Property({ type: 'integer' })
  weight!: number;

  @Property({ type: 'string', nullable: true })
  carrier?: string | null;
}

@Audited({ name: 'customer' })
@Entity()
export class Customer {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @OneToMany({ entity: () => Order, mappedBy: 'customer' })
  orders = new Collection<Order>(this);
}

@Audited({ name: 'tag' })
@Entity()
export class Tag {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @ManyToMany({ entity: () => Order, mappedBy: 'tags' })
  orders = new Collection<Order>(this);
}

@Audited({ name: 'order' })
@Entity({ tableName: 'orders' })
export class Order {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  title!: string;

  @Property({ type: 'string' })
  status: string & Opt = 'open';

  @Property({ type: 'decimal', precision: 12, scale: 2 })
  price: string & Opt = '0.00';

  @Property({ type: 'bigint', nullable: true })
  total?: bigint | null;

  @Property({ type: 'integer', nullable: true })
  pieces?: number | null;

  @Property({ type: 'datetime', nullable: true })
  dueAt?: Date | null;

  @Property({ type: 'boolean' })
  paid: boolean & Opt = false;

  @AuditMask('last4')
  @Property({ type: 'string', nullable: true })
  card?: string | null;

  @AuditMask('hash')
  @Property({ type: 'string', nullable: true })
  taxNumber?: string | null;

  @AuditIgnore()
  @Property({ type: 'integer' })
  views: number & Opt = 0;

  @Property({ type: 'json', nullable: true })
  extra?: { gate?: string; floor?: number; list?: number[]; inner?: { a?: number; b?: number } } | null;

  @Embedded(() => Address, { nullable: true })
  address?: Address | null;

  @Embedded(() => Parcel, { object: true, nullable: true })
  parcel?: Parcel | null;

  @ManyToOne({ entity: () => Customer, nullable: true, ref: true })
  customer?: Ref<Customer> | null;

  @ManyToMany({ entity: () => Tag, inversedBy: 'orders' })
  tags = new Collection<Tag>(this);

  @ManyToMany({ entity: () => Tag, pivotTable: 'order_route', fixedOrder: true })
  route = new Collection<Tag>(this);

  @OneToMany({ entity: () => Line, mappedBy: 'order', orphanRemoval: true })
  lines = new Collection<Line>(this);

  @OneToOne({ entity: () => Invoice, mappedBy: 'order', nullable: true, ref: true })
  invoice?: Ref<Invoice> | null;
}

@Audited({ name: 'line', partOf: 'order' })
@Entity()
export class Line {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'integer' })
  quantity!: number;

  @ManyToOne({ entity: () => Order, ref: true })
  order!: Ref<Order>;
}

@Audited({ name: 'invoice' })
@Entity()
export class Invoice {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  number!: string;

  @OneToOne({ entity: () => Order, inversedBy: 'invoice', owner: true, nullable: true, ref: true })
  order?: Ref<Order> | null;
}

export const shop = [Customer, Tag, Order, Line, Invoice];

export const shopOracle = {
  entities: [
    { entity: Customer, name: 'customer' },
    { entity: Tag, name: 'tag' },
    { entity: Order, name: 'order', ignore: ['views'] },
    { entity: Line, name: 'line' },
    { entity: Invoice, name: 'invoice' },
  ],
};

export const SHOP_HASH_KEY = 'a-key-for-the-shop-of-these-tests';
