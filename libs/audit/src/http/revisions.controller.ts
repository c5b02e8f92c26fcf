import { Controller, Get, Inject, NotFoundException, Param, Req, Res } from '@nestjs/common';
import { RequestAccess } from './access/request-access.js';
import { RequiredAction } from './access/required-action.decorator.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { EntityTypes } from './parameters/entity-types.js';
import { revisionId } from './parameters/point-parameter.js';
import { type HttpRequest, QueryParameters } from './parameters/query-parameters.js';
import { RecordedRead } from './reads/recorded-read.decorator.js';
import { Replies } from './replies.js';
import { ReaderTrails } from './trail/reader-trails.js';
import { ChangeViews } from './view/change-view.js';
import { revisionView } from './view/revision-view.js';

/** Everything that happened together. */
@Controller('revisions')
@AuditRoutes()
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
    @Res({ passthrough: true }) response: object,
  ): Promise<string | undefined> {
    new QueryParameters(request, []);
    const revision = await this.trails.of(request).revision(revisionId('id', id));
    if (!revision) {
      throw new NotFoundException('There is no such revision.');
    }
    const views = new ChangeViews(this.granted.of(request), this.types);
    const body = JSON.stringify({
      ...revisionView(revision),
      changes: revision.changes.map((change) => views.change(change)),
    });
    // Tagged by its body, because two readers may not see the same of a revision, and erasing changes what is there.
    return this.replies.prepare(request, response, {
      body,
      contentType: 'application/json; charset=utf-8',
      cacheControl: 'private, no-cache',
    });
  }
}
