import { Controller, Delete, Param, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { TagParams } from './dto/tag-params.dto.js';
import { TagsService } from './tags.service.js';
import { toWorkOrderView, WorkOrderView } from './work-order.view.js';

@ApiTags('work orders')
@ApiBearerAuth()
@Controller('work-orders/:id/tags')
export class TagsController {
  constructor(private readonly tags: TagsService) {}

  @Put(':name')
  @ApiOkResponse({ type: WorkOrderView })
  async add(@Param() { id, name }: TagParams): Promise<WorkOrderView> {
    return toWorkOrderView(await this.tags.add(id, name));
  }

  @Delete(':name')
  @ApiOkResponse({ type: WorkOrderView })
  async remove(@Param() { id, name }: TagParams): Promise<WorkOrderView> {
    return toWorkOrderView(await this.tags.remove(id, name));
  }
}
