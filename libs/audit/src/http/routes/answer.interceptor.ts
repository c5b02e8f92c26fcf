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
import { concatMap, type Observable, tap } from 'rxjs';
import { Visible, VisibleFile } from '../gate/visible.js';
import { ClosingServer, type Sending } from './closing-server.js';

/** Sends what a handler returns, unless it has sent something itself. Nothing is kept by caches but what says so. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(ClosingServer) private readonly closing: ClosingServer,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { httpAdapter } = this.host;
    const response = execution.switchToHttp().getResponse<Sending>();
    httpAdapter.setHeader(response, 'cache-control', 'no-store');
    return next.handle().pipe(
      tap((answer) => {
        if (answer instanceof VisibleFile) {
          this.closing.closeWhenSent(response);
        }
        if (!httpAdapter.isHeadersSent(response)) {
          httpAdapter.reply(response, bodyOf(answer));
        }
      }),
    );
  }
}

/** Hands the events of a stream on to Nest, which sends them. */
@Injectable()
export class EventInterceptor implements NestInterceptor {
  intercept(_execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(concatMap((events) => contentOf(events) as readonly object[]));
  }
}

function bodyOf(answer: unknown): unknown {
  if (answer === null || answer === undefined) {
    return null;
  }
  if (!(answer instanceof VisibleFile)) {
    return contentOf(answer);
  }
  const { parts, contentType, name, closed } = answer;
  const stream = Readable.from(texts(parts), { objectMode: false });
  stream.once('close', closed);
  return new StreamableFile(stream, {
    type: contentType,
    disposition: `attachment; filename="${name}"`,
  });
}

/** The types of the routes see to it already; this is for who goes around them. */
function contentOf(answer: unknown): unknown {
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
