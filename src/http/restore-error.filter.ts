import { type ArgumentsHost, Catch, ConflictException } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { RestoreConflictError, StalePlanError } from 'nestjs-mikro-audit';

/** What is to be restored is not as the plan says any more, or something is in the way. */
@Catch(StalePlanError, RestoreConflictError)
export class RestoreErrorFilter extends BaseExceptionFilter {
  override catch(exception: StalePlanError | RestoreConflictError, host: ArgumentsHost): void {
    super.catch(new ConflictException(exception.message), host);
  }
}
