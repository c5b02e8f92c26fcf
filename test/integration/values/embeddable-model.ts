import {
  Embeddable,
  Embedded,
  Entity,
  Enum,
  ManyToOne,
  PrimaryKey,
  Property,
} from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';
import { Money, MoneyType } from './custom-cases.js';

@Audited()
@Entity()
export class Country {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'string' })
  name!: string;
}

@Embeddable()
export class Geo {
  @Property({ type: 'double', fieldName: 'lat_deg' })
  lat!: number;

  @Property({ type: 'datetime', fieldName: 'measured_at', nullable: true })
  measured?: Date | null;
}

@Embeddable()
export class Address {
  @Property({ type: 'string', nullable: true })
  street?: string | null;

  @Property({ type: 'datetime', length: 0, nullable: true })
  since?: Date | null;

  @Property({ type: MoneyType, nullable: true })
  rent?: Money | null;

  @Property({ type: 'array', nullable: true })
  tags?: string[] | null;

  @ManyToOne({ entity: () => Country, nullable: true })
  country?: Country | null;

  @Embedded({ entity: () => Geo, nullable: true })
  geo?: Geo | null;
}

@Embeddable()
export class Profile {
  @Property({ type: 'string', fieldName: 'full_name', nullable: true })
  fullName?: string | null;

  @Property({ type: 'datetime', fieldName: 'born_on', nullable: true })
  born?: Date | null;

  @Property({ type: MoneyType, nullable: true })
  budget?: Money | null;

  @Property({ type: 'bigint', nullable: true })
  followers?: bigint | null;

  @Property({ type: 'decimal', precision: 10, scale: 2, nullable: true })
  rating?: string | null;

  @Property({ type: 'array', nullable: true })
  tags?: string[] | null;

  @Property({ type: 'json', nullable: true })
  extra?: object | null;

  @Embedded({ entity: () => Geo, object: true, nullable: true, fieldName: 'geo_point' })
  place?: Geo | null;

  @Embedded({ entity: () => Geo, array: true, nullable: true, fieldName: 'geo_track' })
  track?: Geo[] | null;
}

const kinds = ['cat', 'dog'] as const;

@Embeddable({ abstract: true, discriminatorColumn: 'kind' })
abstract class Animal {
  @Enum({ items: () => [...kinds] })
  kind!: (typeof kinds)[number];

  @Property({ type: 'string' })
  name!: string;
}

@Embeddable({ discriminatorValue: 'cat' })
export class Cat extends Animal {
  @Property({ type: 'integer', nullable: true, fieldName: 'lives_left' })
  lives?: number | null;

  constructor(name: string, lives: number) {
    super();
    this.kind = 'cat';
    this.name = name;
    this.lives = lives;
  }
}

@Embeddable({ discriminatorValue: 'dog' })
export class Dog extends Animal {
  @Property({ type: 'datetime', nullable: true })
  walked?: Date | null;

  constructor(name: string, walked: Date) {
    super();
    this.kind = 'dog';
    this.name = name;
    this.walked = walked;
  }
}

/** The same properties for two entities, one of which is audited by reading rows. */
export abstract class Household {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string', nullable: true })
  label?: string | null;

  @Embedded({ entity: () => Address, nullable: true })
  home?: Address | null;

  @Embedded({ entity: () => Profile, object: true, nullable: true, fieldName: 'profile_json' })
  profile?: Profile | null;

  @Embedded({ entity: () => Profile, array: true, nullable: true })
  people?: Profile[] | null;

  @Embedded({ entity: () => [Cat, Dog], nullable: true })
  pet?: Cat | Dog | null;

  @Embedded({ entity: () => [Cat, Dog], object: true, nullable: true })
  guest?: Cat | Dog | null;

  @Embedded({ entity: () => [Cat, Dog], array: true, nullable: true })
  zoo?: (Cat | Dog)[] | null;
}

@Audited()
@Entity()
export class House extends Household {}

@Audited({ exact: true })
@Entity()
export class ExactHouse extends Household {}

export const embeddableEntities = [Country, House, ExactHouse, Address, Geo, Profile, Animal, Cat, Dog];
