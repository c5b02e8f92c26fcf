import type { EventSubscriber } from '@mikro-orm/core';
import { MikroORM, type Options, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { auditEntities } from 'nestjs-mikro-audit';
import type { StatementLog } from './statement-log.js';
import type { TestEntity } from './test-entity.js';

export interface TestOrmOptions {
  readonly url: string;
  readonly entities: readonly TestEntity[];
  readonly subscribers?: readonly EventSubscriber[];
  readonly statementLog?: StatementLog;
  /** @default 5 */
  readonly poolMax?: number;
  /** False leaves the audit tables out, for a second instance on the same database or for a broken set-up. @default true */
  readonly withAuditEntities?: boolean;
  /** Further options; they win over everything above. */
  readonly orm?: Options;
}

/** The options of `createTestOrm` as MikroORM's own, for `MikroOrmModule.forRoot`. */
export function testOrmOptions(options: TestOrmOptions): Options {
  const audit = options.withAuditEntities === false ? [] : auditEntities;
  return {
    driver: PostgreSqlDriver,
    clientUrl: options.url,
    entities: [...options.entities, ...audit],
    subscribers: [...(options.subscribers ?? [])],
    pool: { min: 0, max: options.poolMax ?? 5 },
    debug: false,
    ...(options.statementLog === undefined ? {} : { driverOptions: options.statementLog.driverOptions }),
    ...options.orm,
  };
}

/** A connected MikroORM with its schema created. Close it before the database is dropped. */
export async function createTestOrm(options: TestOrmOptions): Promise<MikroORM> {
  const orm = await MikroORM.init(testOrmOptions(options));
  try {
    await orm.schema.create();
  } catch (error) {
    await orm.close(true);
    throw error;
  }
  options.statementLog?.take();
  return orm;
}
