import { MikroOrmModule } from '@mikro-orm/nestjs';
import type { INestApplication, ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuditModule, type AuditModuleOptions } from 'nestjs-mikro-audit';
import { type TestOrmOptions, testOrmOptions } from '../../support/orm.js';

/** Boots an app of these modules and initializes it. Closes it again when it does not start. */
export async function bootApp(metadata: ModuleMetadata): Promise<INestApplication> {
  const module = await Test.createTestingModule(metadata).compile();
  const app = module.createNestApplication({ logger: false });
  try {
    return await app.init();
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** The error of an app of these modules that does not start. */
export async function refusalOf(imports: NonNullable<ModuleMetadata['imports']>): Promise<unknown> {
  let app: INestApplication;
  try {
    app = await bootApp({ imports });
  } catch (error) {
    return error;
  }
  await app.close();
  throw new Error('The app started.');
}

/** The error of an app with these entities that does not start. */
export function refusalWith(orm: TestOrmOptions, options: AuditModuleOptions = {}): Promise<unknown> {
  return refusalOf([MikroOrmModule.forRoot(testOrmOptions(orm)), AuditModule.forRoot(options)]);
}
