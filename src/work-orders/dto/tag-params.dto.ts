import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Matches, Max, Min } from 'class-validator';
import { MAX_ID } from '../../http/id.pipe.js';

/** Path parameters of a tag on a work order. */
export class TagParams {
  @ApiProperty({ example: 1 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  id!: number;

  @ApiProperty({ example: 'warranty' })
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/)
  name!: string;
}
