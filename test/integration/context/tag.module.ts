import { EntityManager } from '@mikro-orm/postgresql';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Module,
  Param,
  Post,
  Query,
  UseGuards,
} from '@nestjs/common';
import { AuditContext, systemActor } from 'nestjs-mikro-audit';
import { Tag } from '../../support/fixtures/orders.js';

export interface UserRequest {
  readonly headers: Record<string, string | undefined>;
  user?: { id: string; name: string };
}

/** Sets `request.user` from a header, and writes first on request. */
@Injectable()
class UserGuard implements CanActivate {
  constructor(@Inject(EntityManager) private readonly em: EntityManager) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const httpRequest = execution.switchToHttp().getRequest<UserRequest>();
    const { headers } = httpRequest;
    if (headers['x-guard-writes'] !== undefined) {
      const em = this.em.fork();
      em.create(Tag, { name: headers['x-guard-writes'] });
      await em.flush();
    }
    const user = headers['x-user'];
    if (user !== undefined) {
      httpRequest.user = { id: user, name: `name of ${user}` };
    }
    return true;
  }
}

@Controller('tags')
@UseGuards(UserGuard)
class TagController {
  constructor(
    @Inject(EntityManager) private readonly em: EntityManager,
    @Inject(AuditContext) private readonly context: AuditContext,
  ) {}

  @Post(':name')
  @HttpCode(204)
  async create(@Param('name') name: string, @Query('times') times = '1'): Promise<void> {
    for (let time = 1; time <= Number(times); time++) {
      this.em.create(Tag, { name: time === 1 ? name : `${name} ${time}` });
      await this.em.flush();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  @Get(':name')
  async read(@Param('name') name: string): Promise<{ request: unknown }> {
    await this.em.find(Tag, { name });
    await this.em.flush();
    return { request: this.context.current()?.correlationId };
  }

  @Post(':name/as-job')
  @HttpCode(204)
  async createAsJob(@Param('name') name: string): Promise<void> {
    await this.context.run({ actor: systemActor('job'), reason: 'nightly', action: 'tag.import' }, () => {
      const em = this.em.fork();
      em.create(Tag, { name: `${name} by the job` });
      return em.flush();
    });
    this.context.assign({ onBehalfOf: { type: 'user', id: 'boss', label: null }, metadata: { ticket: 7 } });
    this.em.create(Tag, { name });
    await this.em.flush();
  }
}

@Module({ controllers: [TagController], providers: [UserGuard] })
export class TagModule {}
