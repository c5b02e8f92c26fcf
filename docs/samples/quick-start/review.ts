import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited, AuditIgnore, AuditMask } from 'nestjs-mikro-audit';
import { Book } from './book.js';

// #region review
@Audited({ name: 'review', label: 'headline', partOf: 'book' })
@Entity()
export class Review {
  @PrimaryKey() id!: number;
  @ManyToOne(() => Book) book!: Book;
  @Property() headline!: string;
  @Property({ hidden: true }) email!: string; // left out of JSON by MikroORM, and so masked in the trail
  @AuditMask('last4') @Property() phone!: string; // masked for you: the trail has the last four characters
  @AuditIgnore() @Property() views!: number; // of no interest: leaves no trace
}
// #endregion
