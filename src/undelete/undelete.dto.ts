import { ApiProperty } from '@nestjs/swagger';
import { IsText } from '../http/is-text.decorator.js';

export class UndeleteDto {
  @ApiProperty({ description: 'Of the plan that was looked at' })
  @IsText(1, 4_000)
  token!: string;

  @ApiProperty({ example: 'Deleted by mistake' })
  @IsText(3, 500)
  reason!: string;
}
