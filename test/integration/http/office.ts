import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import {
  Embeddable,
  Embedded,
  Entity,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryKey,
  Property,
} from '@mikro-orm/decorators/legacy';
import { Audited, AuditMask } from 'nestjs-mikro-audit';

/** An office that keeps cases of several tenants. */

@Embeddable()
export class Place {
  @Property({ type: 'string', nullable: true })
  street?: string | null;

  @Property({ type: 'string', nullable: true })
  city?: string | null;
}

@Audited({ name: 'client', label: 'name' })
@Entity()
export class Client {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  tenant!: string;

  @Property({ type: 'string' })
  name!: string;
}

@Audited({ name: 'topic', label: 'name' })
@Entity()
export class Topic {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;
}

@Audited({ name: 'case', label: 'title' })
@Entity({ tableName: 'office_case' })
export class Case {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  tenant!: string;

  @Property({ type: 'string' })
  title!: string;

  @Property({ type: 'decimal', precision: 12, scale: 2 })
  fee: string & Opt = '0.00';

  @Property({ type: 'bigint', nullable: true })
  total?: bigint | null;

  @Property({ type: 'datetime', nullable: true })
  dueAt?: Date | null;

  @Property({ type: 'blob', nullable: true })
  seal?: Buffer | null;

  @AuditMask('last4')
  @Property({ type: 'string', nullable: true })
  account?: string | null;

  @Property({ type: 'json', nullable: true })
  extra?: Record<string, unknown> | null;

  @Embedded(() => Place, { nullable: true })
  place?: Place | null;

  @ManyToOne({ entity: () => Client, nullable: true, ref: true })
  client?: Ref<Client> | null;

  @ManyToMany({ entity: () => Topic })
  topics = new Collection<Topic>(this);

  @OneToMany({ entity: () => Note, mappedBy: 'case' })
  notes = new Collection<Note>(this);
}

@Audited({ name: 'note', partOf: 'case' })
@Entity()
export class Note {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  text!: string;

  @ManyToOne({ entity: () => Case, ref: true })
  case!: Ref<Case>;
}

/** Nobody of a tenant may see these. */
@Audited({ name: 'salary' })
@Entity()
export class Salary {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'integer' })
  amount!: number;
}

export const office = [Client, Topic, Case, Note, Salary];

export const officeOracle = {
  entities: [
    { entity: Client, name: 'client' },
    { entity: Topic, name: 'topic' },
    { entity: Case, name: 'case' },
    { entity: Note, name: 'note' },
    { entity: Salary, name: 'salary' },
  ],
};
