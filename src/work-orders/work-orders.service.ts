import { EntityManager } from '@mikro-orm/core';
import { BadRequestException, ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { AuditAction, AuditContext, AuditReader, type EntityState } from 'nestjs-mikro-audit';
import { CustomersService } from '../customers/customers.service.js';
import { TechniciansService } from '../technicians/technicians.service.js';
import type { ChangeWorkOrderDto } from './dto/change-work-order.dto.js';
import type { CreateWorkOrderDto } from './dto/create-work-order.dto.js';
import type { ListWorkOrdersQuery } from './dto/list-work-orders.query.js';
import { OPEN_STATUSES, type Status, WorkOrder } from './work-order.entity.js';

const POPULATE = ['customer', 'technician', 'tags', 'lineItems'] as const;

/** A work order as it was, with what belonged to it then. */
export type PastWorkOrder = EntityState<WorkOrder, (typeof POPULATE)[number]>;

/** The actions on a work order. Nothing in here says "audit" but why something ended, and the look back. */
@Injectable()
export class WorkOrdersService {
  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditContext,
    private readonly history: AuditReader,
    private readonly customers: CustomersService,
    private readonly technicians: TechniciansService,
  ) {}

  async create({ customerId, address, ...values }: CreateWorkOrderDto): Promise<WorkOrder> {
    const customer = await this.customers.find(customerId);
    if (customer === null) throw new BadRequestException(`There is no customer ${customerId}.`);
    const workOrder = this.em.create(WorkOrder, { ...defined(values), customer, address: { ...address } });
    await this.em.flush();
    return workOrder;
  }

  list({ status, limit, offset }: ListWorkOrdersQuery): Promise<WorkOrder[]> {
    const where = status === undefined ? {} : { status };
    return this.em.find(WorkOrder, where, { populate: POPULATE, orderBy: { id: 'asc' }, limit, offset });
  }

  /** @throws NotFoundException */
  async get(id: number): Promise<WorkOrder> {
    const workOrder = await this.em.findOne(WorkOrder, id, { populate: POPULATE });
    if (workOrder === null) throw new NotFoundException(`There is no work order ${id}.`);
    return workOrder;
  }

  /** @throws NotFoundException when there was none at that time */
  async getAt(id: number, at: Date): Promise<PastWorkOrder> {
    const state = await this.history.asOf(WorkOrder, id, at, { populate: POPULATE });
    if (state === null) throw new NotFoundException(`There was no work order ${id} at ${at.toISOString()}.`);
    return state;
  }

  /** @throws ConflictException for a closed or cancelled one, which stays as it is */
  async getOpen(id: number): Promise<WorkOrder> {
    const workOrder = await this.get(id);
    if (!isOpen(workOrder))
      throw new ConflictException(`Work order ${workOrder.number} is ${workOrder.status}.`);
    return workOrder;
  }

  async change(id: number, changes: ChangeWorkOrderDto): Promise<WorkOrder> {
    const workOrder = await this.getOpen(id);
    const { address, ...values } = changes;
    this.em.assign(
      workOrder,
      { ...values, ...(address && { address: { ...address } }) },
      { ignoreUndefined: true },
    );
    await this.em.flush();
    return workOrder;
  }

  async assign(id: number, technicianId: number | null): Promise<WorkOrder> {
    const workOrder = await this.getOpen(id);
    const technician = technicianId === null ? null : await this.technicians.find(technicianId);
    if (technicianId !== null && technician === null)
      throw new BadRequestException(`There is no technician ${technicianId}.`);
    workOrder.technician = technician;
    await this.em.flush();
    return workOrder;
  }

  async close(id: number, reason: string): Promise<WorkOrder> {
    const workOrder = await this.getOpen(id);
    this.audit.assign({ action: 'work-order.close', reason });
    workOrder.status = 'closed';
    workOrder.closedAt = new Date();
    await this.em.flush();
    return workOrder;
  }

  /** Nobody cancels without saying why: the flush is refused before it sends anything. */
  @AuditAction('work-order.cancel', { requireReason: true })
  async cancel(id: number): Promise<WorkOrder> {
    const workOrder = await this.getOpen(id);
    workOrder.status = 'cancelled';
    workOrder.closedAt = new Date();
    await this.em.flush();
    return workOrder;
  }

  /** Its line items go with it. */
  async remove(id: number): Promise<void> {
    this.em.remove(await this.get(id));
    await this.em.flush();
  }
}

function isOpen({ status }: WorkOrder): boolean {
  return (OPEN_STATUSES as readonly Status[]).includes(status);
}

/** Without the properties that were left out, so that the entity's defaults apply. */
function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
