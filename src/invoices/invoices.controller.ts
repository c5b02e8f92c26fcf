import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IdPipe } from '../http/id.pipe.js';
import { WorkOrdersService } from '../work-orders/work-orders.service.js';
import { InvoiceQueue } from './invoice.queue.js';

@ApiTags('work orders')
@ApiBearerAuth()
@Controller('work-orders')
export class InvoicesController {
  constructor(
    private readonly workOrders: WorkOrdersService,
    private readonly queue: InvoiceQueue,
  ) {}

  /** Answers at once; a worker writes the invoice. */
  @Post(':id/invoice')
  @HttpCode(202)
  @ApiAcceptedResponse()
  async invoice(@Param('id', IdPipe) id: number): Promise<void> {
    const workOrder = await this.workOrders.get(id);
    await this.queue.add(workOrder.id);
  }
}
