import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { AuditModule, type EvidenceOptions } from 'nestjs-mikro-audit';
import { AuditExceptionFilter, AuditHttpModule } from 'nestjs-mikro-audit/http';
import { AuthModule } from './auth/auth.module.js';
import { requestActor } from './auth/request-actor.js';
import { CustomersModule } from './customers/customers.module.js';
import { DEMO_ENVELOPE_KEY } from './database/demo-data.js';
import { type DatabaseOptions, ormOptions } from './database/orm-options.js';
import { HistoryModule } from './history/history.module.js';
import { TrailAccessPolicy } from './history/trail-access.policy.js';
import { DatabaseErrorFilter } from './http/database-error.filter.js';
import { InvoicesModule } from './invoices/invoices.module.js';
import { TechniciansModule } from './technicians/technicians.module.js';
import { UndeleteModule } from './undelete/undelete.module.js';
import { WorkOrdersModule } from './work-orders/work-orders.module.js';

export interface AppOptions extends DatabaseOptions {
  /**
   * How the trail is sealed.
   * @default not at all
   */
  readonly evidence?: EvidenceOptions;
}

/** The work-order service. Auditing is one line here and decorators on the entities. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest's own shape of a module that takes options
export class AppModule {
  static register({ evidence, ...options }: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MikroOrmModule.forRoot(ormOptions(options)),
        AuditModule.forRoot({
          resolveActor: requestActor,
          reasonFrom: { header: 'x-reason', body: 'reason' },
          envelope: { keys: [process.env.ENVELOPE_KEY ?? DEMO_ENVELOPE_KEY] },
          ...(evidence && { evidence }),
        }),
        AuditHttpModule.forRoot({
          access: { useClass: TrailAccessPolicy },
          viewer: { title: 'Work orders', homeUrl: '/docs', signInUrl: '/login' },
        }),
        ScheduleModule.forRoot(),
        AuthModule,
        CustomersModule,
        TechniciansModule,
        WorkOrdersModule,
        InvoicesModule.register(options.databaseUrl),
        HistoryModule,
        UndeleteModule,
      ],
      providers: [
        { provide: APP_FILTER, useClass: DatabaseErrorFilter },
        { provide: APP_FILTER, useClass: AuditExceptionFilter },
      ],
    };
  }
}
