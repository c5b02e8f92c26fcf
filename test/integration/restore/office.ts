import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import {
  BeforeUpdate,
  Entity,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryKey,
  Property,
  Unique,
} from '@mikro-orm/decorators/legacy';
import { Audited, AuditIgnore, AuditMask } from 'nestjs-mikro-audit';

/** An office with something of everything that can be in the way of a restore. */

@Audited({ name: 'department', label: 'name' })
@Entity()
export class Department {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Unique()
  @Property({ type: 'string' })
  name!: string;

  @ManyToOne({ entity: () => Department, nullable: true, ref: true, deleteRule: 'set null' })
  parent?: Ref<Department> | null;

  @OneToMany({ entity: () => Employee, mappedBy: 'department' })
  employees = new Collection<Employee>(this);
}

@Audited({ name: 'skill' })
@Entity()
export class Skill {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;
}

@Audited({ name: 'employee', label: 'name', partOf: 'department' })
@Entity()
@Unique({ properties: ['department', 'badge'] })
export class Employee {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @Property({ type: 'integer' })
  badge!: number;

  @ManyToOne({ entity: () => Department, ref: true, deleteRule: 'cascade', updateRule: 'no action' })
  department!: Ref<Department>;

  @ManyToOne({ entity: () => Department, nullable: true, ref: true })
  second?: Ref<Department> | null;

  @ManyToMany({ entity: () => Skill })
  skills = new Collection<Skill>(this);

  @AuditMask('last4')
  @Property({ type: 'string', nullable: true })
  iban?: string | null;

  @AuditIgnore()
  @Property({ type: 'integer', default: 7 })
  visits: number & Opt = 7;

  @Property({ type: 'integer', version: true })
  version!: number & Opt;

  @Property({ type: 'datetime', onCreate: () => new Date(), onUpdate: () => new Date() })
  updatedAt!: Date & Opt;

  @Property({ type: 'string', generated: '(upper(name)) stored', nullable: true })
  sign?: (string & Opt) | null;

  @Property({ type: 'string', nullable: true })
  hookedBy?: string | null;

  @BeforeUpdate()
  noteHook(): void {
    this.hookedBy = 'beforeUpdate';
  }
}

@Audited({ name: 'secret-file' })
@Entity()
export class SecretFile {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @AuditMask()
  @Property({ type: 'string' })
  content!: string;

  @Property({ type: 'text', nullable: true })
  note?: string | null;

  @ManyToOne({ entity: () => Employee, ref: true, nullable: true })
  owner?: Ref<Employee> | null;
}

/** Nothing records it, but it refers to what is audited. */
@Entity()
export class Desk {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => Department, ref: true })
  department!: Ref<Department>;
}

export const office = [Department, Skill, Employee, SecretFile, Desk];

export const officeOracle = {
  entities: [
    { entity: Department, name: 'department' },
    { entity: Skill, name: 'skill' },
    { entity: Employee, name: 'employee', ignore: ['visits'] },
    { entity: SecretFile, name: 'secret-file' },
  ],
};
