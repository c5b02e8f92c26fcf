import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { catchError, concatMap, type Observable } from 'rxjs';
import type { RoutedRequest } from './read-request.js';
import { TrailReads } from './trail-reads.js';

/** Records each request that reads the trail before its answer is sent: a stream of events before the first of them. */
@Injectable()
export class TrailReadInterceptor implements NestInterceptor {
  constructor(@Inject(TrailReads) private readonly reads: TrailReads) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const handler = execution.getHandler();
    const request = execution.switchToHttp().getRequest<RoutedRequest>();
    return next.handle().pipe(
      catchError(async (error: unknown) => {
        await this.reads.refused(handler, request, error);
        throw error;
      }),
      concatMap(async (answer, index) => {
        if (index === 0) {
          await this.reads.served(handler, request);
        }
        return answer;
      }),
    );
  }
}
