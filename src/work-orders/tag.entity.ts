import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';

/** A word to find work orders by. */
@Audited({ name: 'tag' })
@Entity()
export class Tag {
  @PrimaryKey()
  id!: number;

  @Property()
  @Unique()
  name!: string;
}
