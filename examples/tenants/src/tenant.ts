import { EntityManager } from '@mikro-orm/core';
import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { AuditContext } from 'nestjs-mikro-audit';
import { type AuditAccess, AuditAccessPolicy } from 'nestjs-mikro-audit/http';

export interface TenantRequest {
  readonly headers: { readonly 'x-user'?: string; readonly 'x-tenant'?: string };
  user?: { readonly id: string; readonly tenant: string };
}

/** In your app: what a signed token says. */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(
    private readonly em: EntityManager,
    private readonly context: AuditContext,
  ) {}

  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<TenantRequest>();
    const { 'x-user': id, 'x-tenant': tenant } = request.headers;
    if (id === undefined || tenant === undefined) {
      throw new UnauthorizedException();
    }
    request.user = { id, tenant };
    this.em.setFilterParams('tenant', { tenant }); // what the request sees of the tables
    this.context.assign({ metadata: { tenant } }); // what its changes say in the trail
    return true;
  }
}

@Injectable()
export class TenantPolicy extends AuditAccessPolicy {
  override accessOf({ user }: TenantRequest): AuditAccess | null {
    const within = { metadata: { tenant: user?.tenant ?? '' } };
    return user ? { permissions: ['list', 'history', 'values'], entities: { ticket: { within } } } : null;
  }
}
