import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited, AuditMask } from 'nestjs-mikro-audit';

/** Who orders work. */
@Audited({ name: 'customer', label: 'name' })
@Entity()
export class Customer {
  @PrimaryKey()
  id!: number;

  @Property()
  name!: string;

  @Property()
  email!: string;

  /** The trail says that it changed and shows its last four digits. */
  @AuditMask('last4')
  @Property({ type: 'string', nullable: true })
  phone: string | null = null;
}
