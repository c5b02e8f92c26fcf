import { ApiProperty } from '@nestjs/swagger';
import { toJson } from '../http/to-json.js';
import { AddressDto } from './dto/address.dto.js';
import { AddLineItemDto } from './dto/line-item.dto.js';
import { PRIORITIES, type Priority, STATUSES, type Status, type WorkOrder } from './work-order.entity.js';
import type { PastWorkOrder } from './work-orders.service.js';

class Named {
  @ApiProperty()
  readonly id!: number;

  @ApiProperty()
  readonly name!: string;
}

class LineItemView extends AddLineItemDto {
  @ApiProperty()
  readonly id!: number;
}

/** A work order as the API shows it. */
export class WorkOrderView {
  @ApiProperty()
  readonly id!: number;

  @ApiProperty()
  readonly number!: string;

  @ApiProperty()
  readonly title!: string;

  @ApiProperty({ enum: STATUSES })
  readonly status!: Status;

  @ApiProperty({ enum: PRIORITIES })
  readonly priority!: Priority;

  @ApiProperty({ description: 'Decimal string' })
  readonly price!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly scheduledAt!: Date | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly closedAt!: Date | null;

  @ApiProperty({ type: AddressDto })
  readonly address!: AddressDto;

  @ApiProperty({ type: Object, additionalProperties: true })
  readonly customFields!: Record<string, unknown>;

  @ApiProperty({ type: Named })
  readonly customer!: Named;

  @ApiProperty({ type: Named, nullable: true })
  readonly technician!: Named | null;

  @ApiProperty({ type: [String] })
  readonly tags!: readonly string[];

  @ApiProperty({ type: [LineItemView] })
  readonly lineItems!: readonly LineItemView[];
}

/** @param workOrder with customer, technician, tags and line items loaded */
export function toWorkOrderView(workOrder: WorkOrder): WorkOrderView {
  const { id, number, title, status, priority, price, scheduledAt, closedAt, customFields } = workOrder;
  const { street, postalCode, city, country } = workOrder.address;
  const { customer, technician } = workOrder;
  return {
    id,
    number,
    title,
    status,
    priority,
    price,
    scheduledAt,
    closedAt,
    address: { street, postalCode, city, country },
    customFields,
    customer: { id: customer.id, name: customer.name },
    technician: technician && { id: technician.id, name: technician.name },
    tags: workOrder.tags.map((tag) => tag.name).sort(),
    lineItems: workOrder.lineItems.map(({ id, description, quantity, unitPrice }) => ({
      id,
      description,
      quantity,
      unitPrice,
    })),
  };
}

/** @param state with customer, technician, tags and line items as they were then, also of those that are gone */
export function toPastWorkOrderView({
  customer,
  technician,
  tags = [],
  lineItems = [],
  ...values
}: PastWorkOrder): WorkOrderView {
  return toJson({
    ...values,
    customer: customer && { id: customer.id, name: customer.name },
    technician: technician && { id: technician.id, name: technician.name },
    tags: tags.map((tag) => tag.name).sort(),
    lineItems: lineItems.map(({ workOrder: _workOrder, ...lineItem }) => lineItem),
  }) as WorkOrderView;
}
