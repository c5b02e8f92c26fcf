import { ApiProperty } from '@nestjs/swagger';
import { IsISO31661Alpha2 } from 'class-validator';
import { IsText } from '../../http/is-text.decorator.js';

export class AddressDto {
  @ApiProperty({ example: '12 Quay Street' })
  @IsText(1, 200)
  street!: string;

  @ApiProperty({ example: '20457' })
  @IsText(1, 20)
  postalCode!: string;

  @ApiProperty({ example: 'Hamburg' })
  @IsText(1, 100)
  city!: string;

  @ApiProperty({ example: 'DE' })
  @IsISO31661Alpha2()
  country!: string;
}
