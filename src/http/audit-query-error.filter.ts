import { type ArgumentsHost, BadRequestException, Catch } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { InvalidQueryError } from 'nestjs-mikro-audit';

/** A cursor or a limit that the audit reader refuses came from the caller. */
@Catch(InvalidQueryError)
export class AuditQueryErrorFilter extends BaseExceptionFilter {
  override catch(exception: InvalidQueryError, host: ArgumentsHost): void {
    super.catch(new BadRequestException(exception.message), host);
  }
}
