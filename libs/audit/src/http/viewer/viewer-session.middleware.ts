import type { ServerResponse } from 'node:http';
import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { HTTP_PATH, VIEWER, type ViewerOptions } from '../audit-http-options.js';
import type { HttpRequest } from '../parameters/query-parameters.js';
import { statusProblem } from '../problem/problem.js';
import { OPENING_PAGE, OPENING_PAGE_HEADERS } from './opening-page.js';
import { SESSION_ROUTES } from './session-routes.js';
import { ViewerLinks } from './viewer-links.js';

const COOKIE = 'audit-viewer';
const COOKIE_VALUE = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`, 'g');
const TICKET = /^Ticket ([\w-]+)$/;
/** Where nothing leaves the computer, and some browsers take no `Secure` cookie without TLS. */
const OWN_COMPUTER = /^(?:http:\/\/)?(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

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
  private readonly hasSessions: RegExp;

  constructor(
    @Inject(VIEWER) private readonly viewer: ViewerOptions | null,
    @Inject(HTTP_PATH) private readonly path: string,
    @Inject(ViewerLinks) private readonly links: ViewerLinks,
    @Inject(SESSION_ROUTES) routes: readonly string[],
  ) {
    // As the page spells them. Of all other spellings that a router takes, none has a session.
    this.hasSessions = new RegExp(`/${path}/(?:${routes.join('|')})(?:/|$)`);
  }

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
      // The route of links is none of them: a session lasts no longer for a link that it asks for.
      if (this.hasSessions.test(path) && !isOfAnotherSite(request)) {
        this.signIn(request.headers);
      }
      next();
    }
  }

  /** Of several cookies one is of the trail: another app of the host, or of a domain above, may have set one of that name. */
  private signIn(headers: BrowserRequest['headers']): void {
    const sessions = [...(headers.cookie ?? '').matchAll(COOKIE_VALUE)];
    const found = sessions.map(([, session = '']) => this.links.authorizationOf(session));
    const authorization = found.find((one) => one !== null);
    if (typeof authorization === 'string' && headers.authorization === undefined) {
      headers.authorization = authorization;
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
    // By the address in the browser too: a proxy may call this process by a name of its own computer.
    const isOwn = [headers.host ?? '', headers.origin ?? headers.host ?? ''].every((one) =>
      OWN_COMPUTER.test(one),
    );
    const secure = isOwn ? '' : '; Secure';
    // Without a path it holds for what is beside the route as the browser sees it, behind any proxy: for the routes of the trail.
    const cookie = `${COOKIE}=${session}; HttpOnly; SameSite=Strict${secure}`;
    send(response, 204, { 'set-cookie': cookie }, '');
  }
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
