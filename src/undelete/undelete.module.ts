import { Module } from '@nestjs/common';
import { WorkOrdersModule } from '../work-orders/work-orders.module.js';
import { UndeleteController } from './undelete.controller.js';

@Module({ imports: [WorkOrdersModule], controllers: [UndeleteController] })
export class UndeleteModule {}
