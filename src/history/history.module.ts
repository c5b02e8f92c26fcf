import { Module } from '@nestjs/common';
import { WorkOrdersModule } from '../work-orders/work-orders.module.js';
import { HistoryController } from './history.controller.js';

@Module({ imports: [WorkOrdersModule], controllers: [HistoryController] })
export class HistoryModule {}
