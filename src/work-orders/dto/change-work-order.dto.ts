import { ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { MayBeLeftOut } from '../../http/may-be-left-out.decorator.js';
import { OPEN_STATUSES } from '../work-order.entity.js';
import { CreateWorkOrderDto } from './create-work-order.dto.js';

/** Only what is sent is changed; `address` and `customFields` are replaced as a whole. */
export class ChangeWorkOrderDto extends PartialType(OmitType(CreateWorkOrderDto, ['customerId']), {
  skipNullProperties: false,
}) {
  @ApiPropertyOptional({ enum: OPEN_STATUSES })
  @MayBeLeftOut()
  @IsIn(OPEN_STATUSES)
  status?: (typeof OPEN_STATUSES)[number];
}
