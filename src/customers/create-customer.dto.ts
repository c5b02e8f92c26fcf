import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsOptional } from 'class-validator';
import { IsText } from '../http/is-text.decorator.js';

export class CreateCustomerDto {
  @ApiProperty({ example: 'Harbour Bakery' })
  @IsText(1, 200)
  name!: string;

  @ApiProperty({ example: 'office@harbour-bakery.example' })
  @IsEmail()
  email!: string;

  @ApiPropertyOptional({ example: '+49 40 5550 1234', type: String, nullable: true })
  @IsOptional()
  @IsText(4, 40)
  phone?: string | null;
}
