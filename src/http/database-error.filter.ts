import { DriverException } from '@mikro-orm/core';
import {
  type ArgumentsHost,
  BadRequestException,
  Catch,
  ConflictException,
  type HttpException,
} from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';

/** Turns what the caller did wrong, as the database sees it, into 400 and 409. Everything else stays a 500. */
@Catch(DriverException)
export class DatabaseErrorFilter extends BaseExceptionFilter {
  override catch(exception: DriverException, host: ArgumentsHost): void {
    super.catch(toHttpException(exception.code) ?? exception, host);
  }
}

/** @param sqlState see https://www.postgresql.org/docs/current/errcodes-appendix.html */
function toHttpException(sqlState: string | undefined): HttpException | null {
  if (sqlState === '23505') return new ConflictException('A record with this value exists already.');
  if (sqlState === '23503') return new ConflictException('The record is still in use.');
  if (sqlState?.startsWith('22'))
    return new BadRequestException('The database cannot store one of the values.');
  return null;
}
