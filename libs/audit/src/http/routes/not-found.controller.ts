import { All, NotFoundException } from '@nestjs/common';
import { AuditRoutes } from './audit-routes.decorator.js';
import { deepPaths } from './deep-paths.js';
import { NeedsPermission } from './needs-permission.decorator.js';

/** Answers paths of the module that are none of its routes. Registered last. */
@AuditRoutes()
export class NotFoundController {
  @All(deepPaths(''))
  @NeedsPermission('any')
  notFound(): never {
    throw new NotFoundException('There is no such route.');
  }
}
