import { EntityManager } from '@mikro-orm/core';
import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { AuditRecorder } from 'nestjs-mikro-audit';
import { Technician } from '../technicians/technician.entity.js';
import { Public } from './public.decorator.js';
import { tokenHash } from './token-hash.js';
import { User } from './user.entity.js';

/** Who the guard found. The audit trail takes its actor from here. */
export interface RequestUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** Whom the user acts for; null when for itself. */
  readonly onBehalfOf: { readonly id: string; readonly name: string } | null;
}

/** Cookie of the browsers that signed in at `/login`. */
export const SESSION_COOKIE = 'session';

/** Header with the email of the user that a dispatcher acts for. */
const ON_BEHALF_OF = 'x-on-behalf-of';

/** Lets nobody in without a known token, from the header or from the cookie of a browser; sets `request.user`. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly em: EntityManager,
    private readonly reflector: Reflector,
    private readonly recorder: AuditRecorder,
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
    const { id, name, email } = user;
    request.user = { id, name, email, onBehalfOf: null };
    const other = request.headers[ON_BEHALF_OF];
    if (typeof other === 'string')
      request.user = { ...request.user, onBehalfOf: await this.other(user, other) };
    return true;
  }

  /** Dispatchers may act for others. That somebody else has tried stays in the trail, although nothing was changed. */
  private async other(user: User, email: string): Promise<User> {
    const other = await this.em.findOne(User, { email });
    if (other === null || (await this.em.count(Technician, { email: user.email })) > 0) {
      await this.recorder.record({ action: 'user.act-for', outcome: 'denied', metadata: { for: email } });
      throw new ForbiddenException('You may not act for this user.');
    }
    return other;
  }
}

/** The token of a request, of its header or of its cookie; undefined without. */
function tokenOf({ headers }: Request): string | undefined {
  if (headers.authorization !== undefined) {
    return /^Bearer (\S+)$/i.exec(headers.authorization)?.[1];
  }
  const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const session = cookies.find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`));
  return session?.slice(SESSION_COOKIE.length + 1);
}
