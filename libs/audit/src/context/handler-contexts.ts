import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import type { AuditContextInterceptor } from './request/interceptor.js';

/**
 * Gives the interceptor to every handler but those of HTTP routes, where the middleware and the guard do all of it at a
 * tenth of what any interceptor costs. Nest gives a handler the global interceptors there are when it builds it: for
 * gateways before it calls `configure()` of modules, for routes right after, for all others from `onModuleInit()` on.
 */
@Injectable()
export class HandlerContexts implements OnModuleInit {
  private readonly interceptors: AuditContextInterceptor[] = [];

  constructor(@Inject(ApplicationConfig) private readonly config: ApplicationConfig) {}

  /** For what Nest builds from here on. Messages of microservices have a hook of their own, which is before guards. */
  add(interceptor: AuditContextInterceptor): void {
    this.interceptors.push(interceptor);
    this.config.addGlobalInterceptor(interceptor);
    this.config.registerPreRequestHook((execution, next) => interceptor.open(execution, next));
  }

  /** Until the modules are initialized. */
  leaveOutRoutes(): void {
    const all = this.config.getGlobalInterceptors();
    const others = all.filter((each) => !this.interceptors.some((ours) => ours === each));
    all.splice(0, all.length, ...others);
  }

  onModuleInit(): void {
    this.leaveOutRoutes();
    // What other interceptors do has a context too.
    this.config.getGlobalInterceptors().unshift(...this.interceptors);
  }
}
