import { EntityManager } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { Tag } from './tag.entity.js';
import type { WorkOrder } from './work-order.entity.js';
import { WorkOrdersService } from './work-orders.service.js';

@Injectable()
export class TagsService {
  constructor(
    private readonly em: EntityManager,
    private readonly workOrders: WorkOrdersService,
  ) {}

  /** Makes the tag when it is the first of its name. */
  async add(workOrderId: number, name: string): Promise<WorkOrder> {
    const workOrder = await this.workOrders.getOpen(workOrderId);
    const tag = (await this.em.findOne(Tag, { name })) ?? this.em.create(Tag, { name });
    workOrder.tags.add(tag);
    await this.em.flush();
    return workOrder;
  }

  async remove(workOrderId: number, name: string): Promise<WorkOrder> {
    const workOrder = await this.workOrders.getOpen(workOrderId);
    workOrder.tags.remove((tag) => tag.name === name);
    await this.em.flush();
    return workOrder;
  }
}
