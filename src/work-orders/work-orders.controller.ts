import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import { IdPipe } from '../http/id.pipe.js';
import { AssignTechnicianDto } from './dto/assign-technician.dto.js';
import { AtQuery } from './dto/at.query.js';
import { ChangeWorkOrderDto } from './dto/change-work-order.dto.js';
import { CloseWorkOrderDto } from './dto/close-work-order.dto.js';
import { CreateWorkOrderDto } from './dto/create-work-order.dto.js';
import { ListWorkOrdersQuery } from './dto/list-work-orders.query.js';
import { toPastWorkOrderView, toWorkOrderView, WorkOrderView } from './work-order.view.js';
import { WorkOrdersService } from './work-orders.service.js';

@ApiTags('work orders')
@ApiBearerAuth()
@Controller('work-orders')
export class WorkOrdersController {
  constructor(private readonly workOrders: WorkOrdersService) {}

  @Post()
  @ApiCreatedResponse({ type: WorkOrderView })
  async create(@Body() body: CreateWorkOrderDto): Promise<WorkOrderView> {
    return toWorkOrderView(await this.workOrders.create(body));
  }

  @Get()
  @ApiOkResponse({ type: [WorkOrderView] })
  async list(@Query() query: ListWorkOrdersQuery): Promise<WorkOrderView[]> {
    return (await this.workOrders.list(query)).map(toWorkOrderView);
  }

  @Get(':id')
  @ApiOkResponse({ type: WorkOrderView })
  async get(@Param('id', IdPipe) id: number, @Query() { at }: AtQuery): Promise<WorkOrderView> {
    return at === undefined
      ? toWorkOrderView(await this.workOrders.get(id))
      : toPastWorkOrderView(await this.workOrders.getAt(id, at));
  }

  @Patch(':id')
  @ApiOkResponse({ type: WorkOrderView })
  async change(@Param('id', IdPipe) id: number, @Body() body: ChangeWorkOrderDto): Promise<WorkOrderView> {
    return toWorkOrderView(await this.workOrders.change(id, body));
  }

  @Put(':id/technician')
  @ApiOkResponse({ type: WorkOrderView })
  async assign(@Param('id', IdPipe) id: number, @Body() body: AssignTechnicianDto): Promise<WorkOrderView> {
    return toWorkOrderView(await this.workOrders.assign(id, body.technicianId));
  }

  @Post(':id/close')
  @HttpCode(200)
  @ApiOkResponse({ type: WorkOrderView })
  async close(@Param('id', IdPipe) id: number, @Body() body: CloseWorkOrderDto): Promise<WorkOrderView> {
    return toWorkOrderView(await this.workOrders.close(id, body.reason));
  }

  /** The reason comes in the header X-Reason, or in the body. */
  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOkResponse({ type: WorkOrderView })
  async cancel(@Param('id', IdPipe) id: number): Promise<WorkOrderView> {
    return toWorkOrderView(await this.workOrders.cancel(id));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  remove(@Param('id', IdPipe) id: number): Promise<void> {
    return this.workOrders.remove(id);
  }
}
