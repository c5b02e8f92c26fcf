import { EntityManager } from '@mikro-orm/core';
import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { tokenOf } from './bearer.guard.js';
import { tokenHash } from './token-hash.js';
import { User } from './user.entity.js';

/** A person who opens a page without a session signs in first, and comes back. Everybody else gets the 401 of the guard. */
@Injectable()
export class SignInMiddleware implements NestMiddleware {
  constructor(private readonly em: EntityManager) {}

  async use(request: Request, response: Response, next: NextFunction): Promise<void> {
    if (request.accepts(['json', 'html']) !== 'html' || (await this.isKnown(tokenOf(request)))) {
      next();
    } else {
      response.redirect(303, `/login?${new URLSearchParams({ return: request.originalUrl })}`);
    }
  }

  private async isKnown(token: string | undefined): Promise<boolean> {
    if (token === undefined) return false;
    return (await this.em.fork().count(User, { tokenHash: tokenHash(token) })) > 0;
  }
}
