import { Get, Inject, NotFoundException, Param, Req, Res } from '@nestjs/common';
import type { Page } from '../../model/page.js';
import { Gates } from '../gate/gates.js';
import type { Visible } from '../gate/visible.js';
import { pageOf } from '../parameters/page-parameters.js';
import { revisionId } from '../parameters/point-parameter.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import type { ChangeView } from '../view/change-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { NeedsPermission } from './needs-permission.decorator.js';
import { Replies } from './replies.js';

/** More is given in pages. */
const MOST_CHANGES = 500;

/** Everything that happened together. */
@AuditRoutes('revisions')
export class RevisionsController {
  constructor(
    @Inject(Gates) private readonly gates: Gates,
    @Inject(Replies) private readonly replies: Replies,
  ) {}

  @Get(':id')
  @NeedsPermission('history')
  @RecordedRead({ action: 'audit.revision', whenServed: true })
  async revision(
    @Param('id') id: string,
    @Req() request: HttpRequest,
    @Res() response: object,
  ): Promise<Visible<string> | null> {
    new QueryParameters(request, []);
    const revision = await this.gates.of(request).revision(revisionId('id', id), MOST_CHANGES);
    if (!revision) {
      throw noSuchRevision();
    }
    // Tagged by its body, because two readers may not see the same of a revision, and erasing changes what is there.
    return this.replies.prepare(request, response, {
      body: revision.map((view) => JSON.stringify(view)),
      contentType: 'application/json; charset=utf-8',
      cacheControl: 'no-store',
    });
  }

  /** Those that the revision itself does not show follow after its `nextCursor`. */
  @Get(':id/changes')
  @NeedsPermission('history')
  @RecordedRead({ action: 'audit.revision', whenServed: true })
  async changes(@Param('id') id: string, @Req() request: HttpRequest): Promise<Visible<Page<ChangeView>>> {
    const { order: _, ...page } = pageOf(new QueryParameters(request, ['limit', 'cursor']));
    const found = await this.gates.of(request).changesOfRevision(revisionId('id', id), page);
    if (!found) {
      throw noSuchRevision();
    }
    return found;
  }
}

function noSuchRevision(): NotFoundException {
  return new NotFoundException('There is no such revision.');
}
