import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { EntityManager } from '@mikro-orm/postgresql';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  type INestApplication,
  Inject,
  Injectable,
  Param,
  type PipeTransform,
  Post,
  UseGuards,
} from '@nestjs/common';
import {
  type Actor,
  AuditContext,
  Audited,
  AuditRead,
  CurrentActor,
  type ResolvedActor,
  systemActor,
} from 'nestjs-mikro-audit';
import request from 'supertest';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { orderEntities, Tag } from '../../support/fixtures/orders.js';
import { httpPlatforms } from '../../support/http-platforms.js';
import { CHANGES } from '../../support/trail.js';

type Answer = ResolvedActor | null;

/** Of somebody who signs in; who looks at it is recorded. */
@Audited()
@AuditRead()
@Entity()
class Account {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;
}

interface UserRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  user?: { readonly id: string };
}

const userOf = ({ request: { user } }: { request: UserRequest }): Answer =>
  user ? { type: 'user', id: user.id, label: null } : null;

/** Who `current()` says is acting, by the place that asks. */
const seen: Record<string, string | null> = {};

@Injectable()
class Place {
  constructor(@Inject(AuditContext) private readonly context: AuditContext) {}

  note(place: string): void {
    seen[place] = this.context.current()?.actor?.id ?? null;
  }
}

@Injectable()
class SignInGuard implements CanActivate {
  constructor(@Inject(Place) private readonly place: Place) {}

  canActivate(execution: ExecutionContext): boolean {
    const httpRequest = execution.switchToHttp().getRequest<UserRequest>();
    if (execution.getHandler().name === 'everywhere') {
      this.place.note('guard before');
    }
    httpRequest.user = { id: httpRequest.headers['x-user'] ?? '' };
    if (execution.getHandler().name === 'everywhere') {
      this.place.note('guard after');
    }
    return true;
  }
}

@Injectable()
class NotingPipe implements PipeTransform {
  constructor(@Inject(Place) private readonly place: Place) {}

  transform(value: string): string {
    this.place.note('pipe');
    return value;
  }
}

@Controller()
class PeopleController {
  constructor(
    @Inject(Place) private readonly place: Place,
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(EntityManager) private readonly em: EntityManager,
  ) {}

  @Get('everywhere/:id')
  @UseGuards(SignInGuard)
  everywhere(@Param('id', NotingPipe) _id: string): void {
    this.place.note('handler');
    this.context.run({ reason: 'x' }, () => this.place.note('run'));
    this.context.run({ actor: systemActor('job') }, () => this.place.note('run as job'));
  }

  @Get('later')
  @UseGuards(SignInGuard)
  async later() {
    const before = this.context.current();
    const look = async () => before?.actor;
    const refusal = await look().catch((error: { readonly code: string }) => error.code);
    return {
      refusal,
      request: before?.correlationId,
      actor: await this.context.actor(),
      afterwards: before?.actor,
    };
  }

  @Get('who')
  @UseGuards(SignInGuard)
  who(@CurrentActor() actor: Actor | null): Actor | null {
    return actor;
  }

  @Post('tags')
  async tag(): Promise<void> {
    await this.em.transactional(async (em) => {
      em.create(Tag, { name: 'tag' });
      await em.flush();
    });
  }
}

describe.each(httpPlatforms)('on %s', (_platform, adapter) => {
  let audited: AuditedApp;
  let resolve: (source: { request: UserRequest }) => Answer | Promise<Answer>;

  beforeAll(async () => {
    audited = await createAuditedApp({
      entities: [...orderEntities, Account],
      adapter: adapter(),
      controllers: [PeopleController],
      providers: [Place],
      options: { resolveActor: (source) => resolve(source as { request: UserRequest }) },
    });
    await (audited.app as INestApplication).listen(0, '127.0.0.1');
  });
  beforeEach(async () => {
    await audited.oracle.clear();
  });
  afterAll(() => audited.close());

  const send = (method: 'get' | 'post', path: string) =>
    request(audited.app.getHttpServer())[method](path).set({ 'x-user': 'anna', 'x-request-id': 'r' });

  it('current() shows the actor to whoever looks, as soon as a guard has made it known', async () => {
    resolve = userOf;
    await send('get', '/everywhere/1').expect(200);
    expect(seen).toEqual({
      'guard before': null,
      'guard after': 'anna',
      pipe: 'anna',
      handler: 'anna',
      run: 'anna',
      'run as job': 'job',
    });
  });

  it('current() refuses to answer while the actor is still being resolved', async () => {
    resolve = async (source) => userOf(source);
    const { body } = await send('get', '/later').expect(200);
    const anna = { type: 'user', id: 'anna', label: null };
    expect(body).toEqual({ refusal: 'AUDIT_ACTOR_PENDING', request: 'r', actor: anna, afterwards: anna });
  });

  it('@CurrentActor() gives a handler the actor, waits for a resolver, and is null for nobody', async () => {
    const anna = { type: 'user', id: 'anna', label: null };
    resolve = userOf;
    expect((await send('get', '/who').expect(200)).body).toEqual(anna);
    resolve = async (source) => userOf(source);
    expect((await send('get', '/who').expect(200)).body).toEqual(anna);
    resolve = () => null;
    // Express sends an empty body for null, Fastify the word.
    expect(['', 'null']).toContain((await send('get', '/who').expect(200)).text);
  });

  it('says of each entity whether it is audited', () => {
    expect(audited.reader.isAudited(Account)).toBe(true);
    expect(audited.reader.isAudited(class Stranger {})).toBe(false);
  });

  /** The work of a resolver when somebody signs in for the first time. */
  async function signUp(): Promise<ResolvedActor> {
    const em = audited.orm.em.fork();
    const account = em.create(Account, { name: 'anna' });
    await em.flush();
    return { type: 'user', id: account.name, label: null };
  }

  it('a resolver may write audited entities; the actor of those is unknown', async () => {
    resolve = signUp;
    await send('post', '/tags').expect(201);
    expect(await trail()).toEqual(['create Account by unknown, r', 'create Tag by user anna, r']);
    await audited.oracle.verify();
  });

  it('a resolver may name the actor of its own writes', async () => {
    resolve = () => audited.context.run({ actor: systemActor('sign-up') }, signUp);
    await send('post', '/tags').expect(201);
    expect(await trail()).toEqual(['create Account by system sign-up, r', 'create Tag by user anna, r']);
  });

  it('a resolver may load entities whose reads are recorded', async () => {
    await signUp();
    resolve = async () => {
      const { name } = await audited.orm.em.fork().findOneOrFail(Account, { name: 'anna' });
      return { type: 'user', id: name, label: null };
    };
    await send('post', '/tags').expect(201);
    expect(await trail()).toEqual(['create Account by unknown, none', 'create Tag by user anna, r']);
    const [account] = await audited.context.withoutAuditing({ reason: 'test' }, () =>
      audited.orm.em.fork().find(Account, {}),
    );
    expect((await audited.reader.reads(Account, account?.id ?? 0)).items).toMatchObject([
      { actor: { type: 'unknown' }, correlationId: 'r' },
    ]);
  });

  /** The writes and who made them, oldest first. */
  async function trail(): Promise<string[]> {
    const rows: { row: string }[] = await audited.orm.em.fork().execute(`
      select concat_ws(' ', change.operation, change.entity_type, 'by', revision.actor_type, revision.actor_id)
        || ', ' || coalesce(revision.correlation_id, 'none') as row
      from ${CHANGES} change join audit_change revision on revision.id = change.of_revision order by change.id`);
    return rows.map(({ row }) => row);
  }
});
