import { ValidateIf } from 'class-validator';

/** Unlike class-validator's IsOptional, null is not let through: only a property that is left out is not checked. */
export function MayBeLeftOut(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
