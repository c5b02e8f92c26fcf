import { applyDecorators, UseFilters, UseGuards } from '@nestjs/common';
import { AccessGuard } from './access/access.guard.js';
import { ProblemFilter } from './problem/problem.filter.js';

/** What all controllers of the module have in common: closed by default, and problems as answers. */
export function AuditRoutes(): ClassDecorator {
  return applyDecorators(UseGuards(AccessGuard), UseFilters(ProblemFilter));
}
