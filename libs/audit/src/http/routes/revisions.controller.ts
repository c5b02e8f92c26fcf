import { Get, Inject, NotFoundException, Param, Req, Res } from '@nestjs/common';
import type { Page } from '../../model/page.js';
import { RequiredAction } from '../access/audit-access.js';
import { EntityTypes } from '../access/entity-types.js';
import { RequestAccess } from '../access/request-access.js';
import { pageOf } from '../parameters/page-parameters.js';
import { revisionId } from '../parameters/point-parameter.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import { ReaderTrails } from '../trail/reader-trails.js';
import { type ChangeView, ChangeViews } from '../view/change-view.js';
import { revisionView } from '../view/revision-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { Replies } from './replies.js';

/** More is given in pages. */
const MOST_CHANGES = 500;

/** Everything that happened together. */
@AuditRoutes('revisions')
export class RevisionsController {
  constructor(
    @Inject(RequestAccess) private readonly granted: RequestAccess,
    @Inject(ReaderTrails) private readonly trails: ReaderTrails,
    @Inject(EntityTypes) private readonly types: EntityTypes,
    @Inject(Replies) private readonly replies: Replies,
  ) {}

  @Get(':id')
  @RequiredAction('history')
  @RecordedRead({ action: 'audit.revision', whenServed: true })
  async revision(
    @Param('id') id: string,
    @Req() request: HttpRequest,
    @Res() response: object,
  ): Promise<string | undefined> {
    new QueryParameters(request, []);
    const trail = this.trails.of(request);
    const revision = await trail.revision(revisionId('id', id), MOST_CHANGES);
    if (!revision) {
      throw noSuchRevision();
    }
    const views = new ChangeViews(this.granted.of(request), this.types);
    const { nextCursor } =
      revision.changes.length < MOST_CHANGES
        ? { nextCursor: null }
        : await trail.changesOfRevision(id, { limit: MOST_CHANGES });
    const body = JSON.stringify({
      ...revisionView(revision),
      changes: revision.changes.map((change) => views.change(change)),
      nextCursor,
    });
    // Tagged by its body, because two readers may not see the same of a revision, and erasing changes what is there.
    return this.replies.prepare(request, response, {
      body,
      contentType: 'application/json; charset=utf-8',
      cacheControl: 'private, no-cache',
    });
  }

  /** Those that the revision itself does not show follow after its `nextCursor`. */
  @Get(':id/changes')
  @RequiredAction('history')
  @RecordedRead({ action: 'audit.revision', whenServed: true })
  async changes(@Param('id') id: string, @Req() request: HttpRequest): Promise<Page<ChangeView>> {
    const { order: _, ...page } = pageOf(new QueryParameters(request, ['limit', 'cursor']));
    const trail = this.trails.of(request);
    const found = await trail.changesOfRevision(revisionId('id', id), page);
    if (found.items.length === 0 && !(await trail.revision(id, 1))) {
      throw noSuchRevision();
    }
    const views = new ChangeViews(this.granted.of(request), this.types);
    return { ...found, items: found.items.map((change) => views.change(change)) };
  }
}

function noSuchRevision(): NotFoundException {
  return new NotFoundException('There is no such revision.');
}
