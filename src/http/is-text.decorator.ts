import { applyDecorators } from '@nestjs/common';
import { IsString, Length, Matches } from 'class-validator';

/** A string with a length, without the character NUL, which PostgreSQL cannot store. */
export function IsText(min: number, max: number): PropertyDecorator {
  return applyDecorators(
    IsString(),
    Length(min, max),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that character is the point
    Matches(/^[^\u0000]*$/, { message: '$property must not contain the character NUL' }),
  );
}
