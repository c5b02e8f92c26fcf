import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  type INestApplication,
  UnauthorizedException,
} from '@nestjs/common';
import { type AbstractHttpAdapter, APP_GUARD } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { AuditModule } from 'nestjs-mikro-audit';
import {
  type AuditAccess,
  AuditAccessPolicy,
  AuditHttpModule,
  type ViewerOptions,
} from 'nestjs-mikro-audit/http';
import { Book } from '../../../docs/samples/quick-start.js';
import { testOrmOptions } from '../../support/orm.js';
import { ensureViewerBuilt } from '../../support/viewer-build.js';
import { EVERYTHING } from './law-firm-app.js';

const KEY = 'a secret that processes share, of thirty-two characters';

interface BearerRequest {
  readonly headers: { readonly authorization?: string };
  user?: { readonly id: string; readonly name: string };
}

export const TOKENS = new Map([['Bearer token-of-ada', { id: 'ada', name: 'Ada' }]]);

/** Knows the token of the header, for all routes of the app; the library knows nothing of it. */
class BearerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const incoming = context.switchToHttp().getRequest<BearerRequest>();
    const user = TOKENS.get(incoming.headers.authorization ?? '');
    if (!user) {
      throw new UnauthorizedException();
    }
    incoming.user = user;
    return true;
  }
}

export class UserPolicy extends AuditAccessPolicy {
  override accessOf({ user }: BearerRequest): AuditAccess | null {
    return user ? EVERYTHING : null;
  }
}

/** Of the app, below the path of the trail. */
@Controller('admin/audit/settings')
class SettingsController {
  @Get()
  all(): readonly string[] {
    return [];
  }
}

@Controller('orders')
class OrdersController {
  @Get()
  all(): readonly string[] {
    return [];
  }
}

/** A process of a deployment whose clients send a token in a header. */
export async function bootBearerApp(
  url: string,
  adapter: AbstractHttpAdapter,
  viewer: ViewerOptions,
  key = KEY,
): Promise<INestApplication> {
  const orm = testOrmOptions({
    url,
    entities: [Book],
    orm: { metadataProvider: ReflectMetadataProvider },
  });
  const folder = await ensureViewerBuilt();
  const module = await Test.createTestingModule({
    imports: [
      MikroOrmModule.forRoot(orm),
      AuditModule.forRoot({ restoreKeys: [key], requireActor: true }),
      AuditHttpModule.forRoot({
        access: new UserPolicy(),
        path: '/admin/audit/',
        viewer: { ...viewer, folder },
      }),
    ],
    controllers: [OrdersController, SettingsController],
    providers: [{ provide: APP_GUARD, useClass: BearerGuard }],
  }).compile();
  const app = module.createNestApplication(adapter, { logger: false });
  app.setGlobalPrefix('api');
  await app.listen(0, '127.0.0.1');
  return app;
}
