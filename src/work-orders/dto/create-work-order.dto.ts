import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsDate,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { MAX_ID } from '../../http/id.pipe.js';
import { IsText } from '../../http/is-text.decorator.js';
import { MayBeLeftOut } from '../../http/may-be-left-out.decorator.js';
import { PRIORITIES, type Priority } from '../work-order.entity.js';
import { AddressDto } from './address.dto.js';
import { IsPrice } from './is-price.decorator.js';

export class CreateWorkOrderDto {
  @ApiProperty({ example: 'WO-2001' })
  @Matches(/^[A-Z0-9][A-Z0-9-]{0,29}$/)
  number!: string;

  @ApiProperty({ example: 'Replace the extraction fan' })
  @IsText(1, 200)
  title!: string;

  @ApiPropertyOptional({ enum: PRIORITIES, default: 'normal' })
  @MayBeLeftOut()
  @IsIn(PRIORITIES)
  priority?: Priority;

  @ApiPropertyOptional({ example: '149.50', default: '0.00' })
  @MayBeLeftOut()
  @IsPrice()
  price?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true, example: '2027-01-15T08:00:00Z' })
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  scheduledAt?: Date | null;

  @ApiProperty({ type: AddressDto })
  @IsDefined()
  @ValidateNested()
  @Type(() => AddressDto)
  address!: AddressDto;

  @ApiPropertyOptional({ type: Object, additionalProperties: true, example: { gate: 'B', keyBox: 4711 } })
  @MayBeLeftOut()
  @IsObject()
  customFields?: Record<string, unknown>;

  @ApiProperty({ example: 1 })
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  customerId!: number;
}
