import { Entity, PrimaryKey, Property, ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { MikroORM, type Options, raw } from '@mikro-orm/postgresql';
import { Injectable, Module } from '@nestjs/common';
import {
  Audited,
  AuditModule,
  AuditPostgreSqlDriver,
  auditEntities,
  auditTriggers,
} from 'nestjs-mikro-audit';

const clientUrl = process.env.DATABASE_URL ?? 'postgresql://localhost/shop';

@Audited()
@Entity()
export class Article {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'decimal', precision: 10, scale: 2 })
  price!: string;
}

// #region setup
export const orm: Options = {
  driver: AuditPostgreSqlDriver,
  discovery: { afterDiscovered: auditTriggers() },
  clientUrl,
  entities: [Article, ...auditEntities],
  metadataProvider: ReflectMetadataProvider,
};

@Module({ imports: [MikroOrmModule.forRoot(orm), AuditModule.forRoot()] })
export class ShopModule {}
// #endregion

// #region bulk
@Injectable()
export class PriceList {
  constructor(private readonly orm: MikroORM) {}

  /** One statement, which loads nothing. Each article that it changes has a change, of whoever sent the request. */
  async raise(percent: number): Promise<number> {
    const em = this.orm.em.fork();
    const price = raw<string>('round(price * (1 + ?::numeric / 100), 2)', [percent]);
    return em.nativeUpdate(Article, {}, { price });
  }
}
// #endregion

// #region context
/** Another program sends it in its transaction, before it writes. */
export const SAY_WHO = `select set_config('audit.context', '${JSON.stringify({
  actor: { type: 'service', id: 'import' },
  reason: 'yearly import',
})}', true)`;
// #endregion
