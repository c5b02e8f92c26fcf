import { Body, Controller, Delete, Param, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { IdPipe } from '../http/id.pipe.js';
import { AddLineItemDto, ChangeLineItemDto } from './dto/line-item.dto.js';
import { LineItemsService } from './line-items.service.js';
import { toWorkOrderView, WorkOrderView } from './work-order.view.js';

@ApiTags('work orders')
@ApiBearerAuth()
@Controller('work-orders/:id/line-items')
export class LineItemsController {
  constructor(private readonly lineItems: LineItemsService) {}

  @Post()
  @ApiCreatedResponse({ type: WorkOrderView })
  async add(@Param('id', IdPipe) id: number, @Body() body: AddLineItemDto): Promise<WorkOrderView> {
    return toWorkOrderView(await this.lineItems.add(id, body));
  }

  @Patch(':itemId')
  @ApiOkResponse({ type: WorkOrderView })
  async change(
    @Param('id', IdPipe) id: number,
    @Param('itemId', IdPipe) itemId: number,
    @Body() body: ChangeLineItemDto,
  ): Promise<WorkOrderView> {
    return toWorkOrderView(await this.lineItems.change(id, itemId, body));
  }

  @Delete(':itemId')
  @ApiOkResponse({ type: WorkOrderView })
  async remove(
    @Param('id', IdPipe) id: number,
    @Param('itemId', IdPipe) itemId: number,
  ): Promise<WorkOrderView> {
    return toWorkOrderView(await this.lineItems.remove(id, itemId));
  }
}
