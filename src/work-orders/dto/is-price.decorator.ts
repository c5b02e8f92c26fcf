import { Matches } from 'class-validator';

/** A decimal string with at most two decimals, as `numeric(12,2)` can hold it. */
export function IsPrice(): PropertyDecorator {
  return Matches(/^\d{1,10}(\.\d{1,2})?$/, {
    message: '$property must be a decimal string such as "149.50"',
  });
}
