import { randomUUID } from 'node:crypto';
import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Audited, AuditMask } from 'nestjs-mikro-audit';

/** Who may use this service. */
@Audited({ name: 'user', label: 'name' })
@Entity({ tableName: 'app_user' })
export class User {
  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  @Property()
  name!: string;

  @Property()
  @Unique()
  email!: string;

  /** The trail says that the token was changed, and by whom, but not to what. */
  @AuditMask()
  @Property({ hidden: true })
  @Unique()
  tokenHash!: string;
}
