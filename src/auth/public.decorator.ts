import { Reflector } from '@nestjs/core';

/** A route that needs no sign-in. */
export const Public = Reflector.createDecorator<true>({ transform: () => true as const });
