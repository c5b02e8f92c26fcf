import { type ArgumentsHost, BadRequestException, Catch } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { MissingReasonError } from 'nestjs-mikro-audit';

/** What needs a reason was asked for without one. */
@Catch(MissingReasonError)
export class MissingReasonFilter extends BaseExceptionFilter {
  override catch(_exception: MissingReasonError, host: ArgumentsHost): void {
    super.catch(new BadRequestException('Say why, in the header X-Reason or as "reason" in the body.'), host);
  }
}
