import { beforeAll, describe, expect, it } from '@jest/globals';
import { EntityManager } from '@mikro-orm/postgresql';
import {
  type ArgumentsHost,
  type CanActivate,
  Catch,
  ConflictException,
  Controller,
  Delete,
  type ExceptionFilter,
  type ExecutionContext,
  type HttpException,
  type INestApplication,
  Inject,
  Injectable,
  Param,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuditAction, AuditContext, AuditRecorder } from 'nestjs-mikro-audit';
import request from 'supertest';
import { orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { httpPlatforms } from '../../support/http-platforms.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import type { UserRequest } from './tag-writer.js';

/** Records an outcome of what the running context is about. */
@Injectable()
class OutcomeRecorder {
  constructor(
    @Inject(AuditRecorder) private readonly recorder: AuditRecorder,
    @Inject(AuditContext) private readonly context: AuditContext,
  ) {}

  async record(outcome: 'denied' | 'failure', reason: string): Promise<void> {
    await this.recorder.record({ action: this.context.current()?.action ?? 'unnamed', outcome, reason });
  }
}

@Injectable()
class RecordingGuard implements CanActivate {
  constructor(@Inject(OutcomeRecorder) private readonly outcomes: OutcomeRecorder) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const incoming = execution.switchToHttp().getRequest<UserRequest>();
    const id = incoming.headers['x-user'] ?? '';
    incoming.user = { id };
    if (id === 'mallory') {
      await this.outcomes.record('denied', 'not a friend');
    }
    return id !== 'mallory';
  }
}

@Catch(ConflictException)
class RecordingFilter implements ExceptionFilter {
  constructor(
    @Inject(OutcomeRecorder) private readonly outcomes: OutcomeRecorder,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  async catch(error: HttpException, host: ArgumentsHost): Promise<void> {
    await this.outcomes.record('failure', error.message);
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), {}, error.getStatus());
  }
}

@Controller('tags')
@UseGuards(RecordingGuard)
@UseFilters(RecordingFilter)
class TagsController {
  constructor(@Inject(EntityManager) private readonly em: EntityManager) {}

  /** Is rolled back. */
  @Delete(':name')
  @AuditAction('tag.delete')
  async delete(@Param('name') name: string): Promise<void> {
    await this.em.transactional(async (em) => {
      em.create(Tag, { name });
      await em.flush();
      throw new ConflictException('still needed');
    });
  }
}

describe.each(httpPlatforms)('on %s', (_platform, adapter) => {
  const audited = useAuditedApp({
    entities: orderEntities,
    oracle: ordersOracle,
    adapter: adapter(),
    controllers: [TagsController],
    providers: [OutcomeRecorder],
  });

  beforeAll(async () => {
    await (audited.app as INestApplication).listen(0, '127.0.0.1');
  });

  it.each([
    ['a guard that denies', 'mallory', 403, 'denied', 'not a friend'],
    ['an exception filter, after a rollback', 'ann', 409, 'failure', 'still needed'],
  ])('what %s records has the context of the request', async (_who, user, status, outcome, reason) => {
    await request(audited.app.getHttpServer() as never)
      .delete('/tags/urgent')
      .set({ 'x-user': user, 'x-request-id': `request-of-${user}` })
      .expect(status);
    const { items } = await audited.reader.revisions({});
    expect(items).toMatchObject([
      {
        actor: { type: 'user', id: user },
        action: 'tag.delete',
        outcome,
        reason,
        correlationId: `request-of-${user}`,
        origin: { source: 'http', method: 'DELETE', route: '/tags/:name', handler: 'TagsController.delete' },
        counts: {},
      },
    ]);
  });
});
