import { BadRequestException, HttpCode, Inject, NotFoundException, Post, Req, Res } from '@nestjs/common';
import { VIEWER, type ViewerOptions } from '../audit-http-options.js';
import { viewerText } from '../gate/viewer-text.js';
import type { Visible } from '../gate/visible.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { AuditRoutes } from '../routes/audit-routes.decorator.js';
import { NeedsPermission } from '../routes/needs-permission.decorator.js';
import { Replies } from '../routes/replies.js';
import { ViewerLinks } from './viewer-links.js';

/** Gives whoever may read the trail a link that opens the viewer in a browser, once. */
@AuditRoutes()
export class ViewerLinkController {
  constructor(
    @Inject(VIEWER) private readonly viewer: ViewerOptions | null,
    @Inject(ViewerLinks) private readonly links: ViewerLinks,
    @Inject(Replies) private readonly replies: Replies,
  ) {}

  @Post('viewer-link')
  @HttpCode(200)
  @NeedsPermission('any')
  async link(@Req() request: HttpRequest, @Res() response: object): Promise<Visible<string>> {
    if (this.viewer?.oneTimeLinks !== true) {
      throw new NotFoundException('There is no such route.');
    }
    new QueryParameters(request, []);
    const { authorization } = request.headers;
    if (typeof authorization !== 'string') {
      throw new BadRequestException('The request has no Authorization header that a link could stand for.');
    }
    const ticket = await this.links.ticket(authorization);
    if (ticket === null) {
      throw new BadRequestException('The Authorization header is too long for a cookie.');
    }
    this.replies.headers(response, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    // Behind the `#`, so that it is in no log of a server; relative, because proxies may have cut a prefix off.
    return viewerText(JSON.stringify({ url: `viewer-open#${ticket}` }));
  }
}
