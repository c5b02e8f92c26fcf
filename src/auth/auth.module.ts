import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { BearerGuard } from './bearer.guard.js';

/** Guards every route of the app. */
@Module({ providers: [{ provide: APP_GUARD, useClass: BearerGuard }] })
export class AuthModule {}
