import { applyDecorators, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { ProblemFilter } from '../problem/problem.filter.js';
import { TrailReadInterceptor } from '../reads/trail-read.interceptor.js';
import { AccessGuard } from './access.guard.js';

/** What all controllers of the module have in common: closed by default, recorded, and problems as answers. */
export function AuditRoutes(): ClassDecorator {
  return applyDecorators(
    UseGuards(AccessGuard),
    UseFilters(ProblemFilter),
    UseInterceptors(TrailReadInterceptor),
  );
}
