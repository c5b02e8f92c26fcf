import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInstant } from '../../http/is-instant.decorator.js';
import { MayBeLeftOut } from '../../http/may-be-left-out.decorator.js';

export class AtQuery {
  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'The work order as it was at this time, also when it was deleted since',
  })
  @MayBeLeftOut()
  @IsInstant()
  at?: Date;
}
