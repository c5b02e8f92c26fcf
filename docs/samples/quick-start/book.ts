import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';

// #region book
@Audited({ name: 'book', label: 'title' }) // the name is stored with every change: it outlives a rename of the class
@Entity()
export class Book {
  @PrimaryKey() id!: number;
  @Property() title!: string;
  @Property() stock!: number;
}
// #endregion
