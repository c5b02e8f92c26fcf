import { Embeddable, Property } from '@mikro-orm/decorators/legacy';

/** Where the work is done; its properties are columns of the work order. */
@Embeddable()
export class Address {
  @Property()
  street!: string;

  @Property()
  postalCode!: string;

  @Property()
  city!: string;

  /** ISO 3166-1 alpha-2. */
  @Property({ length: 2 })
  country!: string;
}
