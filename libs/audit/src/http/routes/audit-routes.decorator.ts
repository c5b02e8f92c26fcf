import {
  applyDecorators,
  Controller,
  Res,
  type Type,
  UseFilters,
  UseGuards,
  UseInterceptors,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RequiredPermission } from '../access/audit-access.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { TrailReadInterceptor } from '../reads/trail-read.interceptor.js';
import { AccessGuard } from './access.guard.js';
import { AnswerInterceptor } from './answer.interceptor.js';

/**
 * A controller of the module: closed by default, recorded, with problems as answers, and beside the versions of the app.
 * Its answers are sent before the interceptors of the app see them: one that wraps every answer of the app would make
 * another thing of them than clients of the trail know.
 * @param path under that of the module
 */
export function AuditRoutes(path = ''): ClassDecorator {
  return applyDecorators(
    Controller({ path, version: VERSION_NEUTRAL }),
    UseGuards(AccessGuard),
    UseFilters(ProblemFilter),
    UseInterceptors(AnswerInterceptor, TrailReadInterceptor),
    sendingItself as ClassDecorator,
  );
}

/** Nest leaves the answer to handlers that ask for the response. */
function sendingItself({ prototype }: Type<object>): void {
  const reflector = new Reflector();
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value === 'function' && name !== 'constructor' && reflector.get(RequiredPermission, value)) {
      Res()(prototype, name, value.length);
    }
  }
}
