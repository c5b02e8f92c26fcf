import { MikroOrmModule } from '@mikro-orm/nestjs';
import { MikroORM } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  AuditContext,
  AuditModule,
  AuditPostgreSqlDriver,
  auditEntities,
  auditPolicy,
  auditTriggers,
} from 'nestjs-mikro-audit';
import { Backends } from '../database/backends.js';
import {
  type Contender,
  type ContenderName,
  type ContenderOptions,
  ormOptions,
  prepareSchema,
} from './contender.js';
import { orderModel } from './order-model.js';

/** The values of a request: the context of every write. */
const REQUEST = {
  actor: { type: 'user', id: '4711', label: 'Anna Bauer' },
  correlationId: '3f6f2c8e-6c1f-4f35-9d8e-0a1b2c3d4e5f',
  origin: {
    source: 'http',
    ip: '10.0.0.1',
    method: 'PATCH',
    route: '/orders/:id',
    handler: 'OrdersController.change',
  },
} as const;

/** This library, as an application uses it. */
export function openLibrary(options: ContenderOptions): Promise<Contender> {
  return open('library', options);
}

/** This library with the audit statement traveling with the COMMIT. */
export function openWithCommit(options: ContenderOptions): Promise<Contender> {
  return open('withCommit', options, { sendWithCommit: true });
}

/** This library with triggers for all that the unit of work does not write. */
export function openWithTriggers(options: ContenderOptions): Promise<Contender> {
  return open('triggers', options, { hasTriggers: true });
}

async function open(
  name: ContenderName,
  options: ContenderOptions,
  { sendWithCommit = false, hasTriggers = false } = {},
): Promise<Contender> {
  const model = orderModel();
  const backends = new Backends();
  const entities = [model.Customer, model.Order, ...auditEntities];
  const settings = ormOptions(options, backends, entities);
  const policies = [auditPolicy(model.Order, { name: 'order' })];
  @Module({
    imports: [
      MikroOrmModule.forRoot({
        ...settings,
        driver: AuditPostgreSqlDriver,
        ...(hasTriggers ? { discovery: { afterDiscovered: auditTriggers({ policies }) } } : {}),
        driverOptions: { ...settings.driverOptions, pipeline: sendWithCommit },
      }),
      AuditModule.forRoot({ policies, sendWithCommit }),
    ],
  })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  const orm = app.get<unknown, MikroORM>(MikroORM);
  const context = app.get(AuditContext);
  await prepareSchema(orm, options);
  return {
    name,
    orm,
    model,
    backends,
    run: (work) => context.run(REQUEST, work),
    close: () => app.close(),
  };
}
