import { ApiProperty } from '@nestjs/swagger';
import { IsInstant } from '../http/is-instant.decorator.js';

export class DiffQuery {
  @ApiProperty({ type: String, format: 'date-time' })
  @IsInstant()
  from!: Date;

  @ApiProperty({ type: String, format: 'date-time', description: 'May be earlier than `from`' })
  @IsInstant()
  to!: Date;
}
