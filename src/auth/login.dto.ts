import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';

export class LoginDto {
  @ApiProperty({ example: 'demo-token-anna' })
  @IsString()
  @Matches(/^[\w-]{1,100}$/)
  token!: string;
}
