import {
  Inject,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestMiddleware,
  type NestModule,
} from '@nestjs/common';
import { AuditContext } from 'nestjs-mikro-audit';
import { FlowController } from './flow.controller.js';
import { TagWriter } from './tag-writer.js';

/** How many requests have to wait for the session store. */
export const IN_A_ROW = 5;

/** Like a session store with a pool of one connection: answers all who wait in a callback of one of them. */
@Injectable()
class PooledSession implements NestMiddleware {
  private waiting: (() => void)[] = [];

  use(_request: unknown, _response: unknown, next: () => void): void {
    this.waiting.push(next);
    if (this.waiting.length === IN_A_ROW) {
      const waiting = this.waiting.splice(0);
      setImmediate(() => {
        for (const each of waiting) {
          each();
        }
      });
    }
  }
}

/** Tells the context something for the rest of the request. */
@Injectable()
class TenantMiddleware implements NestMiddleware {
  constructor(@Inject(AuditContext) private readonly context: AuditContext) {}

  use(_request: unknown, _response: unknown, next: () => void): void {
    this.context.run({ metadata: { tenant: 'north' } }, next);
  }
}

@Module({ controllers: [FlowController], providers: [TagWriter], exports: [TagWriter] })
export class FlowModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(PooledSession).forRoutes('flows/pooled');
    consumer.apply(TenantMiddleware).forRoutes('flows/tenant');
  }
}
