import type { ServerResponse } from 'node:http';
import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { HTTP_PATH, VIEWER, type ViewerOptions } from '../audit-http-options.js';
import type { HttpRequest } from '../parameters/query-parameters.js';
import { statusProblem } from '../problem/problem.js';
import { OPENING_PAGE, OPENING_PAGE_HEADERS } from './opening-page.js';
import { ViewerLinks } from './viewer-links.js';

const COOKIE = 'audit-viewer';
const COOKIE_VALUE = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`);
const TICKET = /^Ticket ([\w-]+)$/;
/** Where browsers take a `Secure` cookie without TLS, or where nothing leaves the computer. */
const OWN_COMPUTER = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

interface BrowserRequest extends Omit<HttpRequest, 'headers'> {
  readonly method: string;
  readonly headers: Record<string, string | undefined>;
}

/**
 * Before the guards of the app: opens the viewer by a link, and gives requests of its page the `Authorization` header that their cookie
 * stands for. Guards, actor and policy are then those of the app, for each request anew.
 */
@Injectable()
export class ViewerSessionMiddleware implements NestMiddleware {
  constructor(
    @Inject(VIEWER) private readonly viewer: ViewerOptions | null,
    @Inject(HTTP_PATH) private readonly path: string,
    @Inject(ViewerLinks) private readonly links: ViewerLinks,
  ) {}

  /** The response is that of Node, also on Fastify. */
  async use(request: BrowserRequest, response: ServerResponse, next: () => void): Promise<void> {
    if (this.viewer?.oneTimeLinks !== true) {
      next();
      return;
    }
    const [path = ''] = (request.originalUrl ?? request.url).split('?');
    const at = path.lastIndexOf('/');
    const route = path.slice(0, at).endsWith(`/${this.path}`)
      ? `${request.method} ${path.slice(at + 1)}`
      : null;
    if (route === 'GET viewer-open') {
      send(response, 200, OPENING_PAGE_HEADERS, OPENING_PAGE);
    } else if (route === 'POST viewer-session') {
      await this.open(request, response);
    } else {
      // A session lasts no longer for a link that it asks for.
      const session =
        route === 'POST viewer-link' || isOfAnotherSite(request) ? null : sessionOf(request.headers.cookie);
      const authorization = session === null ? null : this.links.authorizationOf(session);
      if (authorization !== null && request.headers.authorization === undefined) {
        request.headers.authorization = authorization;
      }
      next();
    }
  }

  private async open({ headers }: BrowserRequest, response: ServerResponse): Promise<void> {
    const ticket = TICKET.exec(headers.authorization ?? '')?.[1];
    const session = ticket === undefined ? null : await this.links.session(ticket);
    if (session === null) {
      const problem = statusProblem(401, 'The link was used, or is too old. Ask for a new one.');
      send(response, 401, { 'content-type': 'application/problem+json' }, JSON.stringify(problem));
      return;
    }
    const secure = OWN_COMPUTER.test(headers.host ?? '') ? '' : '; Secure';
    // Without a path it holds for what is beside the route as the browser sees it, behind any proxy: for the routes of the trail.
    const cookie = `${COOKIE}=${session}; HttpOnly; SameSite=Strict${secure}`;
    send(response, 204, { 'set-cookie': cookie }, '');
  }
}

function sessionOf(cookies: string | undefined): string | null {
  return COOKIE_VALUE.exec(cookies ?? '')?.[1] ?? null;
}

/** A page of a sister domain is of the same site to a cookie. It may lead to the viewer, and do nothing with it. */
function isOfAnotherSite({ headers, method }: BrowserRequest): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  const leadsHere = method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
  return site !== 'same-origin' && site !== 'none' && !leadsHere;
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  response.writeHead(status, { 'cache-control': 'no-store', ...headers });
  response.end(body);
}
