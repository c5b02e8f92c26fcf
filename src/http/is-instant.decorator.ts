import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsDate } from 'class-validator';

/** ISO 8601 with a date and a time, such as `2027-01-31T12:00:00Z`. */
export function IsInstant(): PropertyDecorator {
  return applyDecorators(
    // Anything else becomes an invalid date, which `IsDate` refuses; a missing one stays missing.
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
        ? new Date(value)
        : value === undefined
          ? undefined
          : new Date(Number.NaN),
    ),
    IsDate(),
  );
}
