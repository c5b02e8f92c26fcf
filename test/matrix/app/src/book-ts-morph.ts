import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { TsMorphMetadataProvider } from '@mikro-orm/reflection';
import { Audited, type AuditPolicy } from 'nestjs-mikro-audit';

@Audited({ name: 'book' })
@Entity()
export class Book {
  @PrimaryKey() id!: number;
  @Property() title!: string;
  @Property({ type: 'decimal' }) price!: string;
}

export const metadata = { metadataProvider: TsMorphMetadataProvider, metadataCache: { enabled: false } };
export const policies: AuditPolicy[] = [];
