import { EntityManager } from '@mikro-orm/core';
import { Body, Controller, Get, Header, Post, Query, Res, UnauthorizedException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { SESSION_COOKIE } from './bearer.guard.js';
import { LoginDto } from './login.dto.js';
import { Public } from './public.decorator.js';
import { tokenHash } from './token-hash.js';
import { User } from './user.entity.js';
import { wayBack } from './way-back.js';

const page = (path: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in</title></head>
<body>
<main>
<h1>Work orders</h1>
<form method="post" action="/login">
<input name="return" type="hidden" value="${path.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">
<label>Token <input name="token" type="password" autocomplete="current-password" required autofocus></label>
<button>Sign in</button>
</form>
</main>
</body>
</html>
`;

/** Sign-in for browsers: the token becomes a cookie that scripts cannot read and that other sites cannot post with. */
@ApiExcludeController()
@Controller('login')
export class LoginController {
  constructor(private readonly em: EntityManager) {}

  @Get()
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  page(@Query('return') path?: string): string {
    return page(wayBack(path));
  }

  @Post()
  @Public()
  async login(@Body() { token, return: path }: LoginDto, @Res() response: Response): Promise<void> {
    if ((await this.em.count(User, { tokenHash: tokenHash(token) })) === 0)
      throw new UnauthorizedException('Nobody has this token.');
    response.cookie(SESSION_COOKIE, token, { httpOnly: true, sameSite: 'lax', path: '/' });
    response.redirect(303, wayBack(path));
  }
}
