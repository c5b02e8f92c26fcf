import { ApiProperty, PartialType } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { IsText } from '../../http/is-text.decorator.js';
import { IsPrice } from './is-price.decorator.js';

export class AddLineItemDto {
  @ApiProperty({ example: 'Extraction fan EF-200' })
  @IsText(1, 200)
  description!: string;

  @ApiProperty({ example: 1 })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  quantity!: number;

  @ApiProperty({ example: '89.90' })
  @IsPrice()
  unitPrice!: string;
}

/** Only what is sent is changed. */
export class ChangeLineItemDto extends PartialType(AddLineItemDto, { skipNullProperties: false }) {}
