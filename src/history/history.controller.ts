import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditReader } from 'nestjs-mikro-audit';
import { IdPipe } from '../http/id.pipe.js';
import { WorkOrder } from '../work-orders/work-order.entity.js';
import { WorkOrdersService } from '../work-orders/work-orders.service.js';
import { DiffQuery } from './diff.query.js';
import { HistoryQuery } from './history.query.js';
import {
  BlameView,
  FieldChangeView,
  HistoryView,
  toBlameView,
  toDiffView,
  toHistoryView,
} from './history.view.js';

/** Who changed what. Every signed-in user may read it here; a larger app would ask for a role. */
@ApiTags('history')
@ApiBearerAuth()
@Controller()
export class HistoryController {
  constructor(
    private readonly audit: AuditReader,
    private readonly workOrders: WorkOrdersService,
  ) {}

  /** Also of a work order that was deleted. */
  @Get('work-orders/:id/history')
  @ApiOkResponse({ type: HistoryView })
  async ofWorkOrder(
    @Param('id', IdPipe) id: number,
    @Query() { limit, cursor }: HistoryQuery,
  ): Promise<HistoryView> {
    const page = await this.audit.history(WorkOrder, id, { limit, ...(cursor && { cursor }), details: true });
    if (page.items.length === 0) await this.workOrders.get(id);
    return toHistoryView(page);
  }

  /** The differences between two times, in either order. */
  @Get('work-orders/:id/diff')
  @ApiOkResponse({ type: [FieldChangeView] })
  async diffOfWorkOrder(
    @Param('id', IdPipe) id: number,
    @Query() { from, to }: DiffQuery,
  ): Promise<FieldChangeView[]> {
    return toDiffView(await this.audit.diff(WorkOrder, id, { from, to }));
  }

  /** Who gave each property its present value, when and why. */
  @Get('work-orders/:id/blame')
  @ApiOkResponse({ type: [BlameView] })
  async blameOfWorkOrder(@Param('id', IdPipe) id: number): Promise<BlameView[]> {
    const blame = await this.audit.blame(WorkOrder, id);
    if (blame === null) throw new NotFoundException(`There is no work order ${id}.`);
    return toBlameView(blame);
  }
}
