import { Global, Module } from '@nestjs/common';
import { HandlerContexts } from './handler-contexts.js';

/** Global, also where AuditModule is not: Nest initializes global modules before those that build handlers. */
@Global()
@Module({ providers: [HandlerContexts], exports: [HandlerContexts] })
export class HandlerContextModule {}
