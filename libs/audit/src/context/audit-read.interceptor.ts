import type { EntityName } from '@mikro-orm/core';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { concatMap, type Observable } from 'rxjs';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import type { EntityKey } from '../model/change.js';
import { ReadRegister } from './read-register.js';

/** What a handler shows. */
export interface ShownEntities {
  readonly entity: EntityName<object>;
  /** The keys of the entities in a result. */
  readonly keysOf: (result: never) => readonly EntityKey[];
}

/** What `@AuditRead()` has noted on a handler. */
export const Shown = Reflector.createDecorator<ShownEntities>();

/** Records what a handler shows before it is sent. Only handlers with `@AuditRead()` have it. */
@Injectable()
export class AuditReadInterceptor implements NestInterceptor {
  constructor(
    @Inject(ReadRegister) private readonly register: ReadRegister,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { entity, keysOf } = this.reflector.get(Shown, execution.getHandler());
    return next.handle().pipe(
      concatMap(async (result) => {
        await this.register.record(entity, keysOf(result as never));
        return result;
      }),
    );
  }
}

/**
 * The keys of what most handlers return: an object with an `id`, an array of such, or a page with `items`.
 * @throws AuditConfigurationError when one has no id
 */
export function shownIds(result: unknown): readonly EntityKey[] {
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
