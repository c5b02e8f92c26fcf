import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';

/** Who does the work. */
@Audited({ name: 'technician', label: 'name' })
@Entity()
export class Technician {
  @PrimaryKey()
  id!: number;

  @Property()
  name!: string;

  @Property()
  @Unique()
  email!: string;
}
