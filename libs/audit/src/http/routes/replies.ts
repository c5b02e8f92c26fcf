import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Visible } from '../gate/visible.js';
import type { HttpRequest } from '../parameters/query-parameters.js';

/** A body that is known as a whole. */
export interface Reply {
  readonly body: Visible<string>;
  readonly contentType: string;
  readonly cacheControl: string;
  /** @default made of the body */
  readonly etag?: string;
}

/** Answers on Express and Fastify alike. */
@Injectable()
export class Replies {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  /**
   * Sets status and headers of a body with its entity tag, or 304 for one who has it already.
   * @returns what the handler has to return
   */
  prepare(
    request: HttpRequest,
    response: object,
    { body, contentType, cacheControl, etag }: Reply,
  ): Visible<string> | null {
    const tag = etag ?? entityTag(body.content);
    this.headers(response, { etag: tag, 'cache-control': cacheControl });
    if (knows(request, tag)) {
      this.host.httpAdapter.status(response, 304);
      return null;
    }
    this.headers(response, { 'content-type': contentType });
    return body;
  }

  headers(response: object, headers: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(headers)) {
      this.host.httpAdapter.setHeader(response, name, value);
    }
  }

  redirect(response: object, to: string): void {
    this.headers(response, { location: to });
    this.host.httpAdapter.reply(response, null, 302);
  }
}

/** A strong entity tag of a content. */
export function entityTag(content: string): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
}

/** Whether `If-None-Match` has the tag; proxies that compress make it a weak one. */
function knows({ headers }: HttpRequest, etag: string): boolean {
  const known = [headers['if-none-match'] ?? []].flat().flatMap((line) => line.split(','));
  return known.some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}
