import { type ArgumentsHost, Catch, HttpException } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { AuditError } from '../../errors/audit-error.js';
import { problemOf } from './problem.js';

/**
 * Answers errors of the library that the caller of a handler can do something about: 400 for an invalid query or a missing
 * reason, 403 for a missing actor or a forbidden restore, 404, 409 for a stale plan or a conflict, 422 for a search that
 * took too long. The body is that of Nest with the stable `code`. Every other error stays a 500. For handlers of the app:
 * give it as `APP_FILTER`, or to `@UseFilters()`.
 */
@Catch(AuditError)
export class AuditExceptionFilter extends BaseExceptionFilter {
  override catch(error: AuditError, host: ArgumentsHost): void {
    const problem = problemOf(error);
    if (!problem) {
      super.catch(error, host);
      return;
    }
    const { status, title, detail, code } = problem;
    super.catch(new HttpException({ statusCode: status, error: title, message: detail, code }, status), host);
  }
}
