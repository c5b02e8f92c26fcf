import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { INTERNAL_PROBLEM, problemOf, sendProblem } from './problem.js';

/** Answers every error of the routes of the module with `application/problem+json`. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('AuditHttpModule');

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  catch(error: unknown, context: ArgumentsHost): void {
    const { httpAdapter } = this.host;
    const response = context.switchToHttp().getResponse<object>();
    const problem = problemOf(error) ?? INTERNAL_PROBLEM;
    if (problem === INTERNAL_PROBLEM) {
      this.logger.error(error);
    }
    if (httpAdapter.isHeadersSent(response)) {
      httpAdapter.end(response);
      return;
    }
    sendProblem(httpAdapter, response, problem);
  }
}
