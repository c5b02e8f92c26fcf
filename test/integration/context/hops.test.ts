import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  type CanActivate,
  Catch,
  ConflictException,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  HttpException,
  type INestApplication,
  Inject,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestMiddleware,
  type NestModule,
  type PipeTransform,
  Post,
  Query,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuditContext } from 'nestjs-mikro-audit';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { orderEntities } from '../../support/fixtures/orders.js';
import { httpPlatforms } from '../../support/http-platforms.js';
import { postAndLeave, postInPieces } from './flow-requests.js';

const USERS = ['ann', 'bob', 'cleo'];

/** Who the context says is acting, at each place that a request comes by. */
@Injectable()
class Places {
  readonly seen: string[] = [];
  /** The context of the callback that lets requests go on, before and after each of them. */
  readonly callback: (string | null)[] = [];
  /** The contexts in which the callbacks of what was there before all requests begin. */
  readonly socket = new Set<string | null>();

  constructor(@Inject(AuditContext) private readonly context: AuditContext) {}

  note(place: string, user: string | undefined): void {
    this.seen.push(`${user} at ${place} is ${this.request()}`);
  }

  request(): string | null {
    return this.context.current()?.correlationId ?? null;
  }
}

const userOf = (host: ArgumentsHost): string | undefined =>
  host.switchToHttp().getRequest<{ readonly headers: Record<string, string> }>().headers['x-user'];

@Injectable()
class SynchronousGuard implements CanActivate {
  constructor(@Inject(Places) private readonly places: Places) {}

  canActivate(execution: ExecutionContext): boolean {
    this.places.note('guard', userOf(execution));
    return true;
  }
}

@Injectable()
class AsynchronousGuard implements CanActivate {
  constructor(@Inject(Places) private readonly places: Places) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    this.places.note('second guard', userOf(execution));
    return execution.getHandler().name !== 'denied';
  }
}

@Injectable()
class UserPipe implements PipeTransform {
  constructor(@Inject(Places) private readonly places: Places) {}

  transform(user: string): string {
    this.places.note('pipe', user);
    return user;
  }
}

@Catch(HttpException)
class AnyFilter implements ExceptionFilter {
  constructor(
    @Inject(Places) private readonly places: Places,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  catch(error: HttpException, host: ArgumentsHost): void {
    this.places.note('filter', userOf(host));
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), {}, error.getStatus());
  }
}

@Controller('hops')
@UseGuards(SynchronousGuard, AsynchronousGuard)
@UseFilters(AnyFilter)
class HopController {
  constructor(@Inject(Places) private readonly places: Places) {}

  @Post('handled')
  handled(@Query('user', UserPipe) user: string): void {
    this.places.note('handler', user);
  }

  @Post('socket')
  socket(@Query('user', UserPipe) user: string): void {
    this.places.note('handler', user);
  }

  @Post('denied')
  denied(): void {}

  @Post('failed')
  failed(@Query('user', UserPipe) user: string): void {
    this.places.note('handler', user);
    throw new ConflictException();
  }
}

/** Lets all requests go on in one callback of the last of them, as a pool of one connection does. */
@Injectable()
class OneCallback implements NestMiddleware {
  private waiting: (() => void)[] = [];

  constructor(@Inject(Places) private readonly places: Places) {}

  use(_request: unknown, _response: unknown, next: () => void): void {
    this.waiting.push(next);
    if (this.waiting.length === USERS.length) {
      const waiting = this.waiting.splice(0);
      setImmediate(() => {
        for (const each of waiting) {
          this.places.callback.push(this.places.request());
          each();
        }
        this.places.callback.push(this.places.request());
      });
    }
  }
}

/** Lets requests go on in the callbacks of something that was there before all of them, as the socket of a pool is. */
@Injectable()
class EarlySocket implements NestMiddleware {
  private readonly waiting: (() => void)[] = [];

  constructor(@Inject(Places) places: Places) {
    setInterval(() => {
      places.socket.add(places.request());
      this.waiting.shift()?.();
    }, 1).unref();
  }

  use(_request: unknown, _response: unknown, next: () => void): void {
    this.waiting.push(next);
  }
}

@Module({ controllers: [HopController], providers: [Places] })
class HopModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(OneCallback).exclude('hops/socket').forRoutes(HopController);
    consumer.apply(EarlySocket).forRoutes('hops/socket');
  }
}

describe.each(httpPlatforms)('on %s', (platform, adapter) => {
  let audited: AuditedApp;
  let places: Places;
  let port: number;

  beforeAll(async () => {
    audited = await createAuditedApp({
      entities: orderEntities,
      adapter: adapter(),
      imports: [HopModule],
    });
    await (audited.app as INestApplication).listen(0, '127.0.0.1');
    port = (audited.app.getHttpServer().address() as AddressInfo).port;
    places = audited.app.get(Places, { strict: false });
  });
  beforeEach(() => {
    places.seen.length = 0;
    places.callback.length = 0;
  });
  afterAll(() => audited.close());

  const GUARDS = ['guard', 'second guard'];

  it.each([
    ['handled', 201, [...GUARDS, 'pipe', 'handler']],
    ['denied', 403, [...GUARDS, 'filter']],
    ['failed', 409, [...GUARDS, 'pipe', 'handler', 'filter']],
  ])(
    'a request that goes on in the callback of another one and is %s keeps its own context',
    async (path, status, passed) => {
      const send = (user: string) => postAndLeave(`http://127.0.0.1:${port}/hops/${path}?user=${user}`, user);
      expect(await Promise.all(USERS.map(send))).toEqual(USERS.map(() => status));
      expect(places.seen.sort()).toEqual(
        USERS.flatMap((user) => passed.map((place) => `${user} at ${place} is ${user}`)).sort(),
      );
    },
  );

  it('a request whose body comes late does, too', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(10_000) });
    const send = (user: string) => postInPieces(port, `/hops/handled?user=${user}`, user, body);
    expect(await Promise.all(USERS.map(send))).toEqual(USERS.map(() => 201));
    expect(places.seen.sort()).toEqual(
      USERS.flatMap((user) =>
        [...GUARDS, 'pipe', 'handler'].map((place) => `${user} at ${place} is ${user}`),
      ).sort(),
    );
  });

  it('callbacks of earlier resources never start in the context of a request', async () => {
    const send = (user: string) => postAndLeave(`http://127.0.0.1:${port}/hops/socket?user=${user}`, user);
    await Promise.all(USERS.map(send));
    await Promise.all(USERS.map(send));
    expect([...places.socket]).toEqual([null]);
    expect(places.seen).toContain('ann at second guard is ann');
    expect(places.seen.every((each) => each.startsWith(each.split(' ').at(-1) ?? '-'))).toBe(true);
  });

  it('the callback keeps the context it had, but for Express, which has nothing to run a request in', async () => {
    const send = (user: string) => postAndLeave(`http://127.0.0.1:${port}/hops/handled?user=${user}`, user);
    await Promise.all(USERS.map(send));
    const [before, ...after] = places.callback;
    expect(USERS).toContain(before);
    const inOrder = places.seen.filter((each) => each.includes('at guard')).map((each) => each.split(' ')[0]);
    expect(after).toEqual(platform === 'Express' ? inOrder : USERS.map(() => before));
  });
});
