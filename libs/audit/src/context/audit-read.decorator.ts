import type { EntityName } from '@mikro-orm/core';
import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import type { EntityKey } from '../model/change.js';
import { declareOn, type UniversalDecorator } from '../policy/decorator-metadata.js';
import { AuditReadInterceptor, Shown, shownIds } from './audit-read.interceptor.js';

/**
 * On an audited entity: records who loads which of them, ids and not values, before the code that asked gets them; at
 * most once per entity and request, job or `AuditContext.run()` with an actor of its own.
 */
export function AuditRead(): UniversalDecorator;
/**
 * On a handler of Nest: records which entities its result shows, before it is sent. For what is not loaded as an entity.
 * @param keysOf picks the keys out of the result; by default the `id` of an object, of those in an array, or in `items`
 */
export function AuditRead<Result = unknown>(
  entity: EntityName<object>,
  keysOf?: (result: Result) => readonly EntityKey[],
): MethodDecorator;
export function AuditRead(
  entity?: EntityName<object>,
  keysOf: (result: never) => readonly EntityKey[] = shownIds,
): UniversalDecorator | MethodDecorator {
  return entity === undefined
    ? onEntity()
    : applyDecorators(Shown({ entity, keysOf }), UseInterceptors(AuditReadInterceptor));
}

function onEntity(): UniversalDecorator {
  return declareOn('AuditRead', (declaration, site) => {
    if (site.kind === 'property') {
      throw new AuditConfigurationError(
        `@AuditRead() stands on "${site.name}".`,
        'Put it on the entity class, or give it the entity that a handler shows: @AuditRead(Customer).',
      );
    }
    declaration.reads = true;
  });
}
