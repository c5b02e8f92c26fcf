import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  Inject,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { VIEWER, type ViewerOptions } from '../audit-http-options.js';
import type { HttpRequest } from '../parameters/query-parameters.js';
import { ProblemFilter } from '../problem/problem.filter.js';
import { Replies } from '../routes/replies.js';

/** A path of this origin: `//host` and `/\\host` lead to others. */
const OWN_PATH = /^\/(?![/\\])/;

/** Sends a person who opens a page of the viewer without a session to where one signs in; programs get the 401. */
@Catch(UnauthorizedException)
@Injectable()
export class SignInFilter implements ExceptionFilter {
  constructor(
    @Inject(VIEWER) private readonly viewer: ViewerOptions | null,
    @Inject(Replies) private readonly replies: Replies,
    @Inject(ProblemFilter) private readonly problems: ProblemFilter,
  ) {}

  catch(error: UnauthorizedException, context: ArgumentsHost): void {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const signInUrl = this.viewer?.signInUrl;
    if (signInUrl === undefined || !wantsPage(request)) {
      this.problems.catch(error, context);
      return;
    }
    const response = context.switchToHttp().getResponse<object>();
    this.replies.headers(response, { 'cache-control': 'no-store' });
    this.replies.redirect(response, withReturn(signInUrl, request.originalUrl ?? request.url));
  }
}

function wantsPage({ headers }: HttpRequest): boolean {
  return [headers.accept ?? []].flat().some((accept) => /\btext\/html\b/i.test(accept));
}

function withReturn(signInUrl: string, path: string): string {
  const [url = '', fragment] = signInUrl.split(/#(.*)/s);
  const target = OWN_PATH.test(path)
    ? `${url}${url.includes('?') ? '&' : '?'}return=${encodeURIComponent(path)}`
    : url;
  return fragment === undefined ? target : `${target}#${fragment}`;
}
