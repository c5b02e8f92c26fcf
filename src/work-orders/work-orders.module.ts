import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { TechniciansModule } from '../technicians/technicians.module.js';
import { LineItemsController } from './line-items.controller.js';
import { LineItemsService } from './line-items.service.js';
import { OverdueWorkOrders } from './overdue-work-orders.js';
import { TagsController } from './tags.controller.js';
import { TagsService } from './tags.service.js';
import { WorkOrdersController } from './work-orders.controller.js';
import { WorkOrdersService } from './work-orders.service.js';

@Module({
  imports: [CustomersModule, TechniciansModule],
  controllers: [WorkOrdersController, TagsController, LineItemsController],
  providers: [WorkOrdersService, TagsService, LineItemsService, OverdueWorkOrders],
  exports: [WorkOrdersService],
})
export class WorkOrdersModule {}
