import { Entity, PrimaryKey, Property, ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { Audited, type AuditPolicy } from 'nestjs-mikro-audit';

@Audited({ name: 'book' })
@Entity()
export class Book {
  @PrimaryKey() id!: number;
  @Property() title!: string;
  @Property({ type: 'decimal' }) price!: string;
}

export const metadata = { metadataProvider: ReflectMetadataProvider };
export const policies: AuditPolicy[] = [];
