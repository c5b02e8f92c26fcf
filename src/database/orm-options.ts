import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, type Options } from '@mikro-orm/postgresql';
import { AuditPostgreSqlDriver, auditEntities, auditTriggers } from 'nestjs-mikro-audit';
import { User } from '../auth/user.entity.js';
import { Customer } from '../customers/customer.entity.js';
import { MIGRATIONS } from '../migrations/migrations.js';
import { Technician } from '../technicians/technician.entity.js';
import { LineItem } from '../work-orders/line-item.entity.js';
import { Tag } from '../work-orders/tag.entity.js';
import { WorkOrder } from '../work-orders/work-order.entity.js';

export interface DatabaseOptions {
  /** Connection string; the database is created when it does not exist. */
  readonly databaseUrl: string;
  /**
   * Most connections at a time.
   * @default 10
   */
  readonly poolSize?: number;
}

/** MikroORM's configuration, for the app and for its command line. */
export function ormOptions({ databaseUrl, poolSize = 10 }: DatabaseOptions): Options {
  return defineConfig({
    driver: AuditPostgreSqlDriver,
    discovery: { afterDiscovered: auditTriggers() },
    clientUrl: databaseUrl,
    entities: [User, Customer, Technician, WorkOrder, LineItem, Tag, ...auditEntities],
    metadataProvider: ReflectMetadataProvider,
    pool: { min: 0, max: poolSize },
    extensions: [Migrator],
    // The queue makes and migrates its own.
    schemaGenerator: { ignoreSchema: ['pgboss'] },
    migrations: {
      migrationsList: MIGRATIONS,
      pathTs: 'src/migrations',
      // Written by migration:create only; an app that starts does not write into its sources.
      snapshotName: 'snapshot',
      snapshotOnMigrate: false,
      silent: true,
    },
  });
}
