import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { type AuditAccess, AuditAccessPolicy } from 'nestjs-mikro-audit/http';

export interface UserRequest {
  readonly headers: { readonly authorization?: string };
  user?: { readonly id: string; readonly name: string };
}

/** In your app: tokens that are signed. */
const TOKENS: Readonly<Record<string, UserRequest['user']>> = {
  'Bearer token-of-ada': { id: '7', name: 'Ada' },
};

@Injectable()
export class BearerGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<UserRequest>();
    const user = TOKENS[request.headers.authorization ?? ''];
    if (!user) {
      throw new UnauthorizedException();
    }
    request.user = user;
    return true;
  }
}

@Injectable()
export class TrailPolicy extends AuditAccessPolicy {
  override accessOf({ user }: UserRequest): AuditAccess | null {
    return user
      ? { permissions: ['list', 'history', 'values', 'restore'], entities: { article: { within: 'all' } } }
      : null;
  }
}
