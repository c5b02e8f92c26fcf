import { EntityManager } from '@mikro-orm/core';
import { Injectable, NotFoundException } from '@nestjs/common';
import type { AddLineItemDto, ChangeLineItemDto } from './dto/line-item.dto.js';
import { LineItem } from './line-item.entity.js';
import type { WorkOrder } from './work-order.entity.js';
import { WorkOrdersService } from './work-orders.service.js';

@Injectable()
export class LineItemsService {
  constructor(
    private readonly em: EntityManager,
    private readonly workOrders: WorkOrdersService,
  ) {}

  async add(workOrderId: number, { description, quantity, unitPrice }: AddLineItemDto): Promise<WorkOrder> {
    const workOrder = await this.workOrders.getOpen(workOrderId);
    this.em.create(LineItem, { workOrder, description, quantity, unitPrice });
    await this.em.flush();
    return workOrder;
  }

  async change(workOrderId: number, id: number, changes: ChangeLineItemDto): Promise<WorkOrder> {
    const workOrder = await this.workOrders.getOpen(workOrderId);
    this.em.assign(find(workOrder, id), { ...changes }, { ignoreUndefined: true });
    await this.em.flush();
    return workOrder;
  }

  async remove(workOrderId: number, id: number): Promise<WorkOrder> {
    const workOrder = await this.workOrders.getOpen(workOrderId);
    workOrder.lineItems.remove(find(workOrder, id));
    await this.em.flush();
    return workOrder;
  }
}

function find(workOrder: WorkOrder, id: number): LineItem {
  const lineItem = workOrder.lineItems.find((item) => item.id === id);
  if (lineItem === undefined)
    throw new NotFoundException(`There is no line item ${id} on work order ${workOrder.id}.`);
  return lineItem;
}
