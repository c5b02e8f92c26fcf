import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { StartController } from '../pages/start.controller.js';
import { BearerGuard } from './bearer.guard.js';
import { LoginController } from './login.controller.js';

/** Guards every route of the app but the pages that lead to the sign-in. */
@Module({
  controllers: [LoginController, StartController],
  providers: [{ provide: APP_GUARD, useClass: BearerGuard }],
})
export class AuthModule {}
