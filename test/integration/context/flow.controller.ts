import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import {
  type ArgumentsHost,
  Body,
  Catch,
  ConflictException,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  Inject,
  Post,
  Req,
  Sse,
  StreamableFile,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { keepContext } from 'nestjs-mikro-audit';
import {
  concatMap,
  delay,
  from,
  map,
  merge,
  type Observable,
  of,
  Subject,
  share,
  switchMap,
  take,
  timer,
} from 'rxjs';
import { DenyGuard, LastSeenGuard, UserGuard } from './flow.guards.js';
import { TagWriter, type UserRequest } from './tag-writer.js';

/** Writes, and answers then. */
@Catch(ConflictException)
class WritingFilter implements ExceptionFilter {
  constructor(
    @Inject(TagWriter) private readonly writer: TagWriter,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  async catch(error: HttpException, host: ArgumentsHost): Promise<void> {
    await this.writer.write(host.switchToHttp().getRequest(), 'filter');
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), {}, error.getStatus());
  }
}

/** Every way in which a request may come to write. */
@Controller('flows')
@UseGuards(UserGuard)
export class FlowController {
  /** Work that goes on after the answer. */
  readonly open: Promise<unknown>[] = [];
  private readonly shared = new Subject<void>();
  private readonly emitter = new EventEmitter().on('write', (request: UserRequest) => {
    this.open.push(this.writer.write(request, 'emitter'));
  });

  constructor(@Inject(TagWriter) private readonly writer: TagWriter) {}

  /** Behind a middleware of FlowModule, as the next one is. */
  @Post('pooled')
  @UseGuards(LastSeenGuard)
  async pooled(@Req() request: UserRequest): Promise<void> {
    await this.writer.write(request, 'pooled');
  }

  @Post('tenant')
  async tenant(@Req() request: UserRequest): Promise<void> {
    await this.writer.write(request, 'tenant');
  }

  @Post('body')
  async body(@Req() request: UserRequest, @Body() { text }: { text: string }) {
    await this.writer.write(request, `body of ${text.length}`);
  }

  @Post('second-guard')
  @UseGuards(LastSeenGuard)
  secondGuard(): void {}

  @Post('denied')
  @UseGuards(DenyGuard)
  denied(): void {}

  @Post('filter')
  @UseFilters(WritingFilter)
  filter(): void {
    throw new ConflictException();
  }

  @Get('stream')
  stream(@Req() request: UserRequest): StreamableFile {
    const { writer } = this;
    const chunks = async function* () {
      for (let chunk = 0; chunk < 40; chunk++) {
        if (chunk % 10 === 9) {
          await writer.write(request, `chunk ${chunk}`);
        }
        yield Buffer.alloc(65_536);
      }
    };
    return new StreamableFile(Readable.from(chunks()));
  }

  @Sse('sse')
  sse(@Req() request: UserRequest): Observable<{ data: string }> {
    return timer(0, 2).pipe(
      take(3),
      concatMap((tick) => this.writer.write(request, `event ${tick}`)),
      map((data) => ({ data })),
    );
  }

  @Post('operators')
  operators(@Req() request: UserRequest): Observable<string> {
    const source = from([1, 2]).pipe(delay(2), share());
    return merge(
      source.pipe(concatMap((value) => this.writer.write(request, `concatMap ${value}`))),
      source.pipe(
        take(1),
        switchMap((value) => of(value).pipe(delay(1))),
        switchMap((value) => this.writer.write(request, `switchMap ${value}`)),
      ),
    );
  }

  @Post('shared')
  sharedByAll(@Req() request: UserRequest): Observable<string> {
    setTimeout(() => this.shared.next(), 5);
    return this.shared.pipe(
      keepContext(),
      take(1),
      switchMap(() => this.writer.write(request, 'shared')),
    );
  }

  @Post('emitter')
  emit(@Req() request: UserRequest): void {
    this.emitter.emit('write', request);
  }

  @Post('timer')
  answerFirst(@Req() request: UserRequest): void {
    this.open.push(
      new Promise((resolve, reject) => {
        setTimeout(() => this.writer.write(request, 'timer').then(resolve, reject), 20);
      }),
    );
  }
}
