import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min, ValidateIf } from 'class-validator';
import { MAX_ID } from '../../http/id.pipe.js';

export class AssignTechnicianDto {
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 1,
    description: 'null takes the work order away again',
  })
  @ValidateIf((_, value) => value !== null)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  technicianId!: number | null;
}
