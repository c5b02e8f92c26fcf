import { type DynamicModule, Module } from '@nestjs/common';
import { WorkOrdersModule } from '../work-orders/work-orders.module.js';
import { InvoiceQueue, QUEUE_DATABASE_URL } from './invoice.queue.js';
import { InvoicesController } from './invoices.controller.js';

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest's own shape of a module that takes options
export class InvoicesModule {
  static register(databaseUrl: string): DynamicModule {
    return {
      module: InvoicesModule,
      imports: [WorkOrdersModule],
      controllers: [InvoicesController],
      providers: [InvoiceQueue, { provide: QUEUE_DATABASE_URL, useValue: databaseUrl }],
    };
  }
}
