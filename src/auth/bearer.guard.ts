import { EntityManager } from '@mikro-orm/core';
import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { Public } from './public.decorator.js';
import { tokenHash } from './token-hash.js';
import { User } from './user.entity.js';

/** Who the guard found. The audit trail takes its actor from here. */
export interface RequestUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** Cookie of the browsers that signed in at `/login`. */
export const SESSION_COOKIE = 'session';

/** Lets nobody in without a known token, from the header or from the cookie of a browser; sets `request.user`. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly em: EntityManager,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.get(Public, context.getHandler())) return true;
    const request = context.switchToHttp().getRequest<Request & { user?: RequestUser }>();
    const token = tokenOf(request);
    const user = token === undefined ? null : await this.em.findOne(User, { tokenHash: tokenHash(token) });
    if (user === null) {
      context.switchToHttp().getResponse<Response>().setHeader('www-authenticate', 'Bearer');
      throw new UnauthorizedException('Send a known token: "Authorization: Bearer ...".');
    }
    request.user = { id: user.id, name: user.name, email: user.email };
    return true;
  }
}

function tokenOf({ headers }: Request): string | undefined {
  if (headers.authorization !== undefined) {
    return /^Bearer (\S+)$/i.exec(headers.authorization)?.[1];
  }
  const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const session = cookies.find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`));
  return session?.slice(SESSION_COOKIE.length + 1);
}
