import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, ManyToMany, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited, AuditMask } from 'nestjs-mikro-audit';

/** A workshop: something of every kind that the viewer shows. */

@Audited({ name: 'mechanic', label: 'name' })
@Entity()
export class Mechanic {
  @PrimaryKey({ type: 'string' })
  id!: string;

  @Property({ type: 'string' })
  name!: string;
}

@Audited({ name: 'skill', label: 'name' })
@Entity()
export class Skill {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;
}

@Audited({ name: 'job', label: 'title' })
@Entity()
export class Job {
  @PrimaryKey({ type: 'string', length: 500 })
  id!: string;

  @Property({ type: 'text' })
  title!: string;

  @Property({ type: 'text', nullable: true })
  notes?: string | null;

  @Property({ type: 'decimal', precision: 12, scale: 2 })
  price: string & Opt = '0.00';

  @Property({ type: 'boolean' })
  done: boolean & Opt = false;

  @Property({ type: 'datetime', nullable: true })
  dueAt?: Date | null;

  @Property({ type: 'blob', nullable: true })
  photo?: Buffer | null;

  @Property({ type: 'json', nullable: true })
  data?: unknown;

  @AuditMask('last4')
  @Property({ type: 'string', nullable: true })
  account?: string | null;

  @Property({ type: 'string', nullable: true })
  margin?: string | null;

  @ManyToOne({ entity: () => Mechanic, nullable: true, ref: true })
  mechanic?: Ref<Mechanic> | null;

  @ManyToMany({ entity: () => Skill })
  skills = new Collection<Skill>(this);

  @OneToMany({ entity: () => Part, mappedBy: 'job' })
  parts = new Collection<Part>(this);
}

@Audited({ name: 'part', label: 'name', partOf: 'job' })
@Entity()
export class Part {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @ManyToOne({ entity: () => Job, ref: true })
  job!: Ref<Job>;
}

export const workshop = [Mechanic, Skill, Job, Part];

export const workshopOracle = {
  entities: [
    { entity: Mechanic, name: 'mechanic' },
    { entity: Skill, name: 'skill' },
    { entity: Job, name: 'job' },
    { entity: Part, name: 'part' },
  ],
};
