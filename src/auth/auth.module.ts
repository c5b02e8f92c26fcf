import { type MiddlewareConsumer, Module, type NestModule, RequestMethod } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { BearerGuard } from './bearer.guard.js';
import { LoginController } from './login.controller.js';
import { SignInMiddleware } from './sign-in.middleware.js';

/** Guards every route of the app but the sign-in, to which it leads those who open the viewer. */
@Module({ controllers: [LoginController], providers: [{ provide: APP_GUARD, useClass: BearerGuard }] })
export class AuthModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(SignInMiddleware).forRoutes({ path: 'audit/ui{/*path}', method: RequestMethod.GET });
  }
}
