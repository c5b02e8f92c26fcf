import { MikroOrmModule } from '@mikro-orm/nestjs';
import { EntitySchema, type Options } from '@mikro-orm/postgresql';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuditModule, type AuditModuleOptions, auditPolicy } from 'nestjs-mikro-audit';
import { testOrmOptions } from '../../support/orm.js';

export const Counted = new EntitySchema<{ id: number; version: number }>({
  name: 'Counted',
  tableName: 'counted',
  properties: { id: { type: 'integer', primary: true }, version: { type: 'integer', default: 0 } },
});

/** An app of which several may run on one database. */
export async function bootSequenceApp(
  url: string,
  options: AuditModuleOptions = {},
  orm: Options = {},
): Promise<INestApplicationContext> {
  class SequenceAppModule {}
  Module({
    imports: [
      MikroOrmModule.forRoot(testOrmOptions({ url, entities: [Counted], orm })),
      AuditModule.forRoot({ policies: [auditPolicy(Counted, { name: 'counted' })], ...options }),
    ],
  })(SequenceAppModule);
  return NestFactory.createApplicationContext(SequenceAppModule, { logger: false, abortOnError: false });
}
