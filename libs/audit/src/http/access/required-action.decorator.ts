import { Reflector } from '@nestjs/core';
import type { AuditAction } from './audit-access.js';

/** What a route needs: one of the actions, or `any` of them. A route without it is denied to everybody. */
export const RequiredAction = Reflector.createDecorator<AuditAction | 'any'>();
