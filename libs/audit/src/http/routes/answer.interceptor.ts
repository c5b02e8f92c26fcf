import { Readable } from 'node:stream';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Observable, tap } from 'rxjs';
import { Visible, VisibleStream } from '../gate/visible.js';
import type { Sending } from '../limits/sending.js';
import { ClosingServer } from './closing-server.js';
import { Replies } from './replies.js';

/** Sends what a handler returns, unless it has sent something itself. Nothing is kept by caches but what says so. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(ClosingServer) private readonly closing: ClosingServer,
    @Inject(Replies) private readonly replies: Replies,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { httpAdapter } = this.host;
    const response = execution.switchToHttp().getResponse<Sending>();
    this.replies.headers(response, { 'cache-control': 'no-store' });
    return next.handle().pipe(
      tap((answer) => {
        if (answer instanceof VisibleStream) {
          this.closing.closeWhenSent(response);
          this.replies.headers(response, answer.headers);
        }
        if (!httpAdapter.isHeadersSent(response)) {
          httpAdapter.reply(response, bodyOf(answer));
        }
      }),
    );
  }
}

function bodyOf(answer: unknown): unknown {
  if (answer === null || answer === undefined) {
    return null;
  }
  if (answer instanceof VisibleStream) {
    const stream = Readable.from(texts(answer.parts), { objectMode: false });
    stream.once('close', answer.closed);
    return new StreamableFile(stream);
  }
  // The types of the routes see to it already; this is for who goes around them.
  if (!Visible.is(answer)) {
    throw new Error('A route of AuditHttpModule answers with what has not passed its gate.');
  }
  return answer.content;
}

async function* texts(parts: AsyncIterable<Visible<string>>): AsyncGenerator<string, void> {
  for await (const part of parts) {
    yield part.content;
  }
}
