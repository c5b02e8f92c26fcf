import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  type OnModuleInit,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuditConfigurationError } from '../../errors/configuration-error.js';
import { AuditCatalog } from '../../query/terms/audit-catalog.js';
import { RequiredPermission } from '../access/audit-access.js';
import { AuditAccessPolicy } from '../access/audit-access-policy.js';
import { ReaderAccess, VERBS } from '../access/reader-access.js';
import { RequestAccess } from '../access/request-access.js';
import type { RoutedRequest } from '../reads/read-request.js';
import { TrailReads } from '../reads/trail-reads.js';

/** Asks the policy of the app, and lets nobody in who is not granted what the route needs. */
@Injectable()
export class AccessGuard implements CanActivate, OnModuleInit {
  constructor(
    @Inject(AuditAccessPolicy) private readonly policy: AuditAccessPolicy,
    @Inject(AuditCatalog) private readonly catalog: AuditCatalog,
    @Inject(RequestAccess) private readonly granted: RequestAccess,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(TrailReads) private readonly reads: TrailReads,
  ) {}

  /** @throws AuditConfigurationError when a factory gave no policy */
  onModuleInit(): void {
    if (typeof this.policy?.accessOf !== 'function') {
      throw new AuditConfigurationError(
        'The access option of AuditHttpModule gave no AuditAccessPolicy.',
        'Return an object with accessOf(request) from its factory or class.',
      );
    }
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<RoutedRequest>();
    const access = await this.policy.accessOf(request);
    if (access === null) {
      throw new UnauthorizedException('Sign in to read the audit trail.');
    }
    await this.reads.admit(context.getHandler(), request);
    const required = this.reflector.get(RequiredPermission, context.getHandler());
    const reader = new ReaderAccess(access, this.catalog);
    if (required === undefined || !reader.may(required)) {
      const denial = new ForbiddenException(
        `You may not ${required === undefined || required === 'any' ? 'read' : VERBS[required]} the audit trail.`,
      );
      await this.reads.refused(context.getHandler(), request, denial);
      throw denial;
    }
    this.granted.set(request, reader);
    return true;
  }
}
