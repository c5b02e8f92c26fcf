import { ApiProperty } from '@nestjs/swagger';
import { IsText } from '../http/is-text.decorator.js';
import { MayBeLeftOut } from '../http/may-be-left-out.decorator.js';

export class LoginDto {
  @ApiProperty({ example: 'demo-token-anna' })
  @IsText(0, 1_000)
  token!: string;

  /** Path to go to then. */
  @ApiProperty({ required: false, example: '/audit/ui/' })
  @MayBeLeftOut()
  @IsText(0, 4_000)
  return?: string;
}
