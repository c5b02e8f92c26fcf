import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';

/** A word to find work orders by. */
@Audited({ name: 'tag', label: 'name' })
@Entity()
export class Tag {
  @PrimaryKey()
  id!: number;

  @Property()
  @Unique()
  name!: string;
}
