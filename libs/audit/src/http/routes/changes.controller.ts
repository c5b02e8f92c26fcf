import { Get, Inject, Req } from '@nestjs/common';
import type { Page } from '../../model/page.js';
import { RequiredAction } from '../access/audit-access.js';
import { EntityTypes } from '../access/entity-types.js';
import { RequestAccess } from '../access/request-access.js';
import { ChangeFilterParameters, FILTER_PARAMETERS } from '../parameters/change-filter-parameters.js';
import {
  CHANGES_PAGE_PARAMETERS,
  changesPageOf,
  PAGE_PARAMETERS,
  pageOf,
} from '../parameters/page-parameters.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import { ReaderTrails } from '../trail/reader-trails.js';
import { type ChangeOfRevisionView, ChangeViews } from '../view/change-view.js';
import { type RevisionSummaryView, revisionSummaryView } from '../view/revision-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';

/** Searches of the whole trail. */
@AuditRoutes()
export class ChangesController {
  constructor(
    @Inject(RequestAccess) private readonly granted: RequestAccess,
    @Inject(ReaderTrails) private readonly trails: ReaderTrails,
    @Inject(EntityTypes) private readonly types: EntityTypes,
  ) {}

  @Get('changes')
  @RequiredAction('list')
  @RecordedRead({ action: 'audit.search', whenServed: true })
  async changes(@Req() request: HttpRequest): Promise<Page<ChangeOfRevisionView>> {
    const reader = this.granted.of(request);
    const parameters = new QueryParameters(request, [...FILTER_PARAMETERS, ...CHANGES_PAGE_PARAMETERS]);
    const filter = new ChangeFilterParameters(parameters, this.types, reader).read();
    const page = await this.trails.of(request).changes(filter, changesPageOf(parameters));
    const views = new ChangeViews(reader, this.types);
    return { ...page, items: page.items.map((change) => views.changeOfRevision(change)) };
  }

  @Get('revisions')
  @RequiredAction('list')
  @RecordedRead({ action: 'audit.search', whenServed: true })
  async revisions(@Req() request: HttpRequest): Promise<Page<RevisionSummaryView>> {
    const parameters = new QueryParameters(request, [...FILTER_PARAMETERS, ...PAGE_PARAMETERS]);
    const reader = this.granted.of(request);
    const filter = new ChangeFilterParameters(parameters, this.types, reader).read();
    const page = await this.trails.of(request).revisions(filter, pageOf(parameters));
    return { ...page, items: page.items.map(revisionSummaryView) };
  }
}
