import type { Ref } from '@mikro-orm/core';
import {
  Embeddable,
  Embedded,
  Entity,
  Enum,
  ManyToOne,
  PrimaryKey,
  Property,
} from '@mikro-orm/decorators/legacy';
import { Audited, AuditIgnore, AuditMask } from 'nestjs-mikro-audit';

@Embeddable()
export class Other {
  @Property({ type: 'string', nullable: true, fieldName: 'the_mail' })
  mail?: string | null;

  @AuditMask('last4')
  @Property({ type: 'string', nullable: true })
  phone?: string | null;

  @AuditIgnore()
  @Property({ type: 'integer', nullable: true })
  seen?: number | null;
}

@Embeddable()
export class Contact {
  @Property({ type: 'string', nullable: true, fieldName: 'the_mail' })
  mail?: string | null;

  @AuditMask('last4')
  @Property({ type: 'string', nullable: true })
  phone?: string | null;

  @AuditMask('redact')
  @Property({ type: 'string', nullable: true })
  passport?: string | null;

  @AuditIgnore()
  @Property({ type: 'integer', nullable: true })
  seen?: number | null;

  @Property({ type: 'json', nullable: true })
  extra?: unknown;

  @Property({ type: 'string', nullable: true })
  name?: string | null;

  @Property({ type: 'string', nullable: true })
  value?: string | null;

  @Embedded({ entity: () => Other, array: true, nullable: true, fieldName: 'the_others' })
  others?: Other[] | null;
}

/** Its only member looks like a tag. */
@Embeddable()
export class Tagged {
  @Property({ type: 'json', nullable: true })
  $data?: unknown;

  @Property({ type: 'string', nullable: true })
  more?: string | null;
}

@Audited()
@Entity()
export class Person {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Embedded({ entity: () => Contact, object: true, nullable: true, fieldName: 'contact_json' })
  contact?: Contact | null;

  @Embedded({ entity: () => Contact, array: true, nullable: true })
  contacts?: Contact[] | null;

  @Embedded({ entity: () => Tagged, object: true, nullable: true })
  tagged?: Tagged | null;

  @AuditMask('redact')
  @Embedded({ entity: () => Contact, object: true, nullable: true })
  hidden?: Contact | null;
}

/** Each mask over values of several types. */
@Audited()
@Entity()
export class Masked {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @AuditMask('redact')
  @Property({ type: 'text', nullable: true })
  redacted?: string | null;

  @AuditMask('redact')
  @Property({ type: 'json', nullable: true })
  redactedJson?: unknown;

  @AuditMask('last4')
  @Property({ type: 'text', nullable: true })
  lastOfText?: string | null;

  @AuditMask('last4')
  @Property({ type: 'bigint', nullable: true })
  lastOfNumber?: string | null;

  @AuditMask('last4')
  @Property({ type: 'integer', nullable: true })
  lastOfInteger?: number | null;

  @AuditMask('last4')
  @Property({ type: 'json', nullable: true })
  lastOfJson?: unknown;

  @AuditMask('last4')
  @Property({ type: 'array', nullable: true })
  lastOfArray?: string[] | null;

  @Property({ type: 'text', nullable: true })
  apiKey?: string | null;

  @Property({ type: 'text', nullable: true, hidden: true })
  inner?: string | null;

  @AuditIgnore()
  @Property({ type: 'text', nullable: true })
  ignored?: string | null;
}

@Audited()
@Entity()
export class Hashed {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @AuditMask('hash')
  @Property({ type: 'text', nullable: true })
  mail?: string | null;
}

@Entity()
export class Land {
  @PrimaryKey({ type: 'uuid' })
  id!: string;
}

@Entity()
export class Town {
  @ManyToOne({ entity: () => Land, primary: true })
  land!: Ref<Land> | Land;

  @PrimaryKey({ type: 'datetime', length: 3 })
  since!: Date;
}

@Entity()
export class Street {
  @ManyToOne({ entity: () => Town, primary: true })
  town!: Town;

  @PrimaryKey({ type: 'character', length: 4 })
  code!: string;
}

@Entity()
export class Shop {
  @PrimaryKey({ type: 'uuid' })
  id!: string;
}

/** Keys of keys, and a relation to several classes. */
@Audited()
@Entity()
export class House {
  @ManyToOne({ entity: () => Street, primary: true })
  street!: Street;

  @PrimaryKey({ type: 'double' })
  number!: number;

  @ManyToOne({ entity: () => Street, nullable: true })
  corner?: Street | null;

  @ManyToOne({ entity: () => Land, nullable: true })
  land?: Land | null;

  @ManyToOne({ entity: () => [Land, Shop], nullable: true })
  owner?: Land | Shop | null;
}

/** Two classes of one table, with one column for two properties. */
@Audited()
@Entity({ discriminatorColumn: 'kind', discriminatorMap: { car: 'Car', van: 'Van' } })
abstract class Vehicle {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Enum({ items: () => ['car', 'van'] })
  kind!: 'car' | 'van';
}

@Audited()
@Entity()
export class Car extends Vehicle {
  @Property({ type: 'integer', fieldName: 'size', nullable: true })
  seats?: number | null;
}

@Audited()
@Entity()
export class Van extends Vehicle {
  @Property({ type: 'integer', fieldName: 'size', nullable: true })
  load?: number | null;
}

export const valueModels = [
  Tagged,
  Other,
  Contact,
  Person,
  Masked,
  Hashed,
  Land,
  Town,
  Street,
  Shop,
  House,
  Vehicle,
  Car,
  Van,
];
