import { All, NotFoundException } from '@nestjs/common';
import { AuditRoutes } from './audit-routes.decorator.js';
import { deepPaths } from './deep-paths.js';
import { NeedsPermission } from './needs-permission.decorator.js';

/** What is under the path of the module but is none of its routes. Registered last. */
@AuditRoutes()
export class NotFoundController {
  @All(deepPaths(''))
  @NeedsPermission('any')
  notFound(): never {
    throw new NotFoundException('There is no such route.');
  }
}
