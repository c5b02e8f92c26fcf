import { BadRequestException, Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditRestorer } from 'nestjs-mikro-audit';
import { IdPipe } from '../http/id.pipe.js';
import { WorkOrder } from '../work-orders/work-order.entity.js';
import { toWorkOrderView, WorkOrderView } from '../work-orders/work-order.view.js';
import { WorkOrdersService } from '../work-orders/work-orders.service.js';
import { UndeleteDto } from './undelete.dto.js';
import { toUndeletePlanView, UndeletePlanView } from './undelete-plan.view.js';

/** Brings a deleted work order back, with its tags and line items: first the plan, then the deed. */
@ApiTags('work orders')
@ApiBearerAuth()
@Controller('work-orders/:id/undelete')
export class UndeleteController {
  constructor(
    private readonly restorer: AuditRestorer,
    private readonly workOrders: WorkOrdersService,
  ) {}

  /** Says what it would do. Tags and a technician that are gone, too, are left out, and the plan says so. */
  @Get()
  @ApiOkResponse({ type: UndeletePlanView })
  async plan(@Param('id', IdPipe) id: number): Promise<UndeletePlanView> {
    const plan = await this.restorer.planUndelete(WorkOrder, id, {
      withChildren: true,
      accept: ['target-gone'],
    });
    return toUndeletePlanView(plan);
  }

  /** Refused with 409 when something has changed since the plan was made. */
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: WorkOrderView })
  async undelete(
    @Param('id', IdPipe) id: number,
    @Body() { token, reason }: UndeleteDto,
  ): Promise<WorkOrderView> {
    const request = this.restorer.requestOf(token);
    const isThisOne =
      request.kind === 'entity' && request.entityType === 'work-order' && request.entityId === String(id);
    if (!isThisOne) throw new BadRequestException(`The token is not of a plan for work order ${id}.`);
    await this.restorer.apply({ token }, { reason });
    return toWorkOrderView(await this.workOrders.get(id));
  }
}
