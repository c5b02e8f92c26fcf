import { applyDecorators, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { AccessGuard } from '../access/access.guard.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { TrailReadInterceptor } from '../reads/trail-read.interceptor.js';

/** What all controllers of the module have in common: closed by default, recorded, and problems as answers. */
export function AuditRoutes(): ClassDecorator {
  return applyDecorators(
    UseGuards(AccessGuard),
    UseFilters(ProblemFilter),
    UseInterceptors(TrailReadInterceptor),
  );
}
