import { ApiProperty } from '@nestjs/swagger';
import { IsText } from '../../http/is-text.decorator.js';

export class CloseWorkOrderDto {
  @ApiProperty({ example: 'Fan replaced, customer signed' })
  @IsText(3, 500)
  reason!: string;
}
