import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Observable, tap } from 'rxjs';

/** Sends what a handler returns, unless it has sent something itself. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { httpAdapter } = this.host;
    const response = execution.switchToHttp().getResponse<object>();
    return next.handle().pipe(
      tap((answer) => {
        if (!httpAdapter.isHeadersSent(response)) {
          httpAdapter.reply(response, answer);
        }
      }),
    );
  }
}
