import { ApiProperty } from '@nestjs/swagger';
import { IsEmail } from 'class-validator';
import { IsText } from '../http/is-text.decorator.js';

export class CreateTechnicianDto {
  @ApiProperty({ example: 'Tariq Aziz' })
  @IsText(1, 200)
  name!: string;

  @ApiProperty({ example: 'tariq@maintenance.example' })
  @IsEmail()
  email!: string;
}
