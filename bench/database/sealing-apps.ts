import 'reflect-metadata';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  AuditModule,
  type AuditModuleOptions,
  AuditPostgreSqlDriver,
  auditEntities,
  auditPolicy,
  checkpointFolder,
  Ed25519Signer,
} from 'nestjs-mikro-audit';
import { startEmbeddedDatabase } from '../../src/database/embedded-database.js';

/** Two apps on one trail, neither of which has a sequencer until somebody runs it: one seals, one does not. */
export interface SealingApps {
  readonly sequencing: INestApplicationContext;
  readonly sealing: INestApplicationContext;
  readonly orm: MikroORM;
  readonly databaseUrl: string;
  /** Where checkpoints are published, by which log, and the key that verifies them. */
  readonly folder: string;
  readonly origin: string;
  readonly key: string;
  stop(): Promise<void>;
}

const ORIGIN = 'example.com/bench';

/**
 * Starts them on a server of their own, with their tables.
 * @param connections in the pool of each app
 */
export async function startSealingApps<Entity extends object>(
  entity: EntitySchema<Entity>,
  connections = 10,
): Promise<SealingApps> {
  const database = await startEmbeddedDatabase({ persistent: false });
  const folder = mkdtempSync(join(tmpdir(), 'audit-bench-'));
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = Ed25519Signer.of(ORIGIN, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
  const boot = (options: AuditModuleOptions): Promise<INestApplicationContext> => {
    class BenchModule {}
    Module({
      imports: [
        MikroOrmModule.forRoot({
          driver: AuditPostgreSqlDriver,
          pool: { min: connections, max: connections },
          clientUrl: database.url,
          entities: [entity, ...auditEntities],
        }),
        AuditModule.forRoot({
          sequencer: false,
          policies: [auditPolicy(entity, { name: entity.meta.tableName })],
          ...options,
        }),
      ],
    })(BenchModule);
    return NestFactory.createApplicationContext(BenchModule, { logger: ['error'] });
  };
  const sequencing = await boot({});
  const sealing = await boot({
    evidence: { origin: ORIGIN, signers: () => [signer], publishers: [checkpointFolder(folder)] },
  });
  const orm = sequencing.get<unknown, MikroORM>(MikroORM);
  await orm.schema.create();
  return {
    sequencing,
    sealing,
    orm,
    databaseUrl: database.url,
    folder,
    origin: ORIGIN,
    key: signer.key.toString(),
    async stop() {
      await sealing.close();
      await sequencing.close();
      await database.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
