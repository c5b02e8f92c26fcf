import type { EventSubscriber } from '@mikro-orm/core';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import type { INestApplication, ModuleMetadata } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  AuditContext,
  AuditModule,
  type AuditModuleOptions,
  AuditReader,
  AuditRestorer,
} from 'nestjs-mikro-audit';
import { installOracle, type Oracle, type OracleOptions } from '../oracle/oracle.js';
import { createTestDatabase } from './database.js';
import { testOrmOptions } from './orm.js';
import { StatementLog } from './statement-log.js';
import type { TestEntity } from './test-entity.js';

export interface AuditedAppOptions extends Pick<ModuleMetadata, 'imports' | 'controllers' | 'providers'> {
  readonly entities: readonly TestEntity[];
  /** For `AuditModule.forRoot`; the sequencer runs only where they say so, because it sends statements of its own. */
  readonly options?: AuditModuleOptions;
  /** @default what `options.policies` say; without policies every entity, under its class name */
  readonly oracle?: OracleOptions;
  /** The schemas of tenants, for entities with `schema: '*'`. */
  readonly tenants?: readonly string[];
  readonly subscribers?: readonly EventSubscriber[];
  /** @default 5 */
  readonly poolMax?: number;
  /** @default Express */
  readonly adapter?: AbstractHttpAdapter;
  /** Called before the app is initialized. */
  readonly configure?: (app: INestApplication) => void;
  /** Further options of MikroORM. */
  readonly orm?: Options;
}

/** A booted Nest app with the library, on a database of its own. */
export interface AuditedApp {
  readonly app: INestApplication;
  readonly orm: MikroORM;
  readonly reader: AuditReader;
  readonly restorer: AuditRestorer;
  readonly context: AuditContext;
  readonly oracle: Oracle;
  /** Statements of the app, without those of the oracle. */
  readonly statements: StatementLog;
  readonly url: string;
  /** Closes the app and drops the database. */
  close(): Promise<void>;
}

/** Boots a real Nest app with `MikroOrmModule` and `AuditModule`, creates the schema and installs the oracle. */
export async function createAuditedApp(options: AuditedAppOptions): Promise<AuditedApp> {
  const database = await createTestDatabase();
  const statements = new StatementLog();
  const undo: (() => Promise<void>)[] = [() => database.drop()];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0)) {
      await step();
    }
  };
  try {
    const module = await Test.createTestingModule({
      imports: [
        MikroOrmModule.forRoot(ormOptions(options, database.url, statements)),
        AuditModule.forRoot({ sequencer: false, ...options.options }),
        ...(options.imports ?? []),
      ],
      controllers: options.controllers ?? [],
      providers: options.providers ?? [],
    }).compile();
    const app = options.adapter
      ? module.createNestApplication<INestApplication>(options.adapter, { logger: false })
      : module.createNestApplication({ logger: false });
    undo.unshift(() => app.close());
    options.configure?.(app);
    await app.init();
    const orm = app.get<unknown, MikroORM>(MikroORM);
    await orm.schema.create();
    const { tenants = [] } = options;
    for (const schema of tenants) {
      await orm.schema.create({ schema });
    }
    const known = options.oracle ?? policiesOf(options.options);
    const oracle = await installOracle(orm, { ...known, tenants });
    undo.unshift(() => oracle.close());
    statements.take();
    const [reader, restorer, context] = [app.get(AuditReader), app.get(AuditRestorer), app.get(AuditContext)];
    return { app, orm, reader, restorer, context, oracle, statements, url: database.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function ormOptions(options: AuditedAppOptions, url: string, statementLog: StatementLog): Options {
  const { entities, subscribers, poolMax, orm } = options;
  return testOrmOptions({
    url,
    entities,
    statementLog,
    ...(subscribers === undefined ? {} : { subscribers }),
    ...(poolMax === undefined ? {} : { poolMax }),
    ...(orm === undefined ? {} : { orm }),
  });
}

function policiesOf({ policies = [] }: AuditModuleOptions = {}): OracleOptions {
  if (policies.length === 0) {
    return {};
  }
  return {
    entities: policies.map(({ entity, declaration }) => ({
      entity,
      ignore: [...declaration.ignore],
      ...(declaration.audited?.name === undefined ? {} : { name: declaration.audited.name }),
    })),
  };
}
