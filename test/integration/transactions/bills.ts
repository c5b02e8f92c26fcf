import { Collection } from '@mikro-orm/core';
import { Entity, ManyToMany, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';

@Audited()
@Entity()
export class Bill {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'text' })
  title!: string;

  @ManyToMany({ entity: () => Clerk })
  clerks = new Collection<Clerk>(this);

  @OneToMany({ entity: () => Line, mappedBy: 'bill' })
  lines = new Collection<Line>(this);

  @OneToMany({ entity: () => Stamp, mappedBy: 'bill', orphanRemoval: true })
  stamps = new Collection<Stamp>(this);
}

@Audited()
@Entity()
export class Line {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => Bill, nullable: true })
  bill?: Bill | null;
}

@Audited()
@Entity()
export class Stamp {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => Bill, nullable: true })
  bill?: Bill | null;
}

@Audited({ unrecordedWrites: 'refuse' })
@Entity()
export class Clerk {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'text' })
  name!: string;
}

@Audited({ unrecordedWrites: 'allow' })
@Entity()
export class Counter {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'integer' })
  count!: number;
}

@Entity({ inheritance: 'tpt' })
export abstract class Vessel {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'text' })
  name!: string;
}

@Audited({ unrecordedWrites: 'refuse' })
@Entity()
export class Ferry extends Vessel {
  @Property({ type: 'integer' })
  seats!: number;
}

@Entity()
export class Draft {
  @PrimaryKey({ type: 'integer' })
  id!: number;
}
