import { EntityManager } from '@mikro-orm/core';
import { Body, Controller, Get, Header, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { htmlPage } from '../pages/html-page.js';
import { demoSignIns, signInForm } from '../pages/sign-in-form.js';
import { SESSION_COOKIE } from './bearer.guard.js';
import { LoginDto } from './login.dto.js';
import { Public } from './public.decorator.js';
import { tokenHash } from './token-hash.js';
import { User } from './user.entity.js';
import { wayBack } from './way-back.js';

const page = (path: string, problem = ''): string =>
  htmlPage(
    'Sign in',
    `<h1>Sign in</h1>
${problem}
${signInForm(path, { label: 'Sign in' })}
<p>The people of this demo:</p>
${demoSignIns(path)}`,
  );

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
    const way = wayBack(path);
    if ((await this.em.count(User, { tokenHash: tokenHash(token) })) === 0) {
      response.status(401).type('html').send(page(way, '<p role="alert">Nobody has this token.</p>'));
      return;
    }
    response.cookie(SESSION_COOKIE, token, { httpOnly: true, sameSite: 'lax', path: '/' });
    response.redirect(303, way);
  }
}
