import type { EntityName } from '@mikro-orm/core';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { concatMap, type Observable } from 'rxjs';
import { AuditConfigurationError } from '../../errors/configuration-error.js';
import type { EntityKey } from '../../model/change.js';
import { declareOn, type UniversalDecorator } from '../../policy/decorator-metadata.js';
import { ReadRegister } from '../audit-journal.js';

/** The entities that a handler shows. */
interface ShownEntities {
  readonly entity: EntityName<object>;
  /** The keys of the entities in a result. */
  keysOf(result: unknown): readonly EntityKey[];
}

/** The notes of `@AuditRead()` on a handler. */
const Shown = Reflector.createDecorator<ShownEntities>();

/** Records what a handler shows before it is sent. Only handlers with `@AuditRead()` have it. */
@Injectable()
class AuditReadInterceptor implements NestInterceptor {
  constructor(
    @Inject(ReadRegister) private readonly register: ReadRegister,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { entity, keysOf } = this.reflector.get(Shown, execution.getHandler());
    return next.handle().pipe(
      concatMap(async (result) => {
        await this.register.record(entity, keysOf(result));
        return result;
      }),
    );
  }
}

/**
 * The keys of what most handlers return: an object with an `id`, an array of such, or a page with `items`.
 * @throws AuditConfigurationError when one has no id
 */
function shownIds(result: unknown): readonly EntityKey[] {
  if (result === null || result === undefined) {
    return [];
  }
  const { items } = result as { readonly items?: unknown };
  const shown: readonly unknown[] = Array.isArray(result) ? result : Array.isArray(items) ? items : [result];
  return shown.map((each) => {
    const { id } = (each ?? {}) as { readonly id?: unknown };
    if (typeof id !== 'string' && typeof id !== 'number' && typeof id !== 'bigint') {
      throw new AuditConfigurationError(
        '@AuditRead() found no id in what its handler returned.',
        'Give it a function that picks the keys out of the result.',
      );
    }
    return id;
  });
}

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
