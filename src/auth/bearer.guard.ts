import { EntityManager } from '@mikro-orm/core';
import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { tokenHash } from './token-hash.js';
import { User } from './user.entity.js';

/** Who the guard found. The audit trail takes its actor from here. */
interface RequestUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** Lets nobody in without a known bearer token; sets `request.user`. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(private readonly em: EntityManager) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { user?: RequestUser }>();
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const user = token === undefined ? null : await this.em.findOne(User, { tokenHash: tokenHash(token) });
    if (user === null) {
      context.switchToHttp().getResponse<Response>().setHeader('www-authenticate', 'Bearer');
      throw new UnauthorizedException('Send a known token: "Authorization: Bearer ...".');
    }
    request.user = { id: user.id, name: user.name, email: user.email };
    return true;
  }
}
