import { Get, Inject, Param, Req } from '@nestjs/common';
import type { Page } from '../../model/page.js';
import { RequiredAction } from '../access/audit-access.js';
import { EntityTypes, keyOf } from '../access/entity-types.js';
import { RequestAccess } from '../access/request-access.js';
import { CHANGES_PAGE_PARAMETERS, changesPageOf } from '../parameters/page-parameters.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import { ReaderTrails } from '../trail/reader-trails.js';
import { type ChangeOfRevisionView, ChangeViews } from '../view/change-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';

/** The recorded changes of one entity. */
@AuditRoutes('entities/:type/:id')
export class EntityHistoryController {
  constructor(
    @Inject(RequestAccess) private readonly granted: RequestAccess,
    @Inject(ReaderTrails) private readonly trails: ReaderTrails,
    @Inject(EntityTypes) private readonly types: EntityTypes,
  ) {}

  @Get('history')
  @RequiredAction('history')
  @RecordedRead({ action: 'audit.history', whenServed: true })
  history(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
  ): Promise<Page<ChangeOfRevisionView>> {
    return this.page('history', type, id, request);
  }

  /** With everything that is part of it. */
  @Get('story')
  @RequiredAction('history')
  @RecordedRead({ action: 'audit.history', whenServed: true })
  story(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
  ): Promise<Page<ChangeOfRevisionView>> {
    return this.page('story', type, id, request);
  }

  private async page(
    kind: 'history' | 'story',
    typeName: string,
    id: string,
    request: HttpRequest,
  ): Promise<Page<ChangeOfRevisionView>> {
    const reader = this.granted.of(request);
    const type = this.types.get(typeName);
    reader.assertOn('history', type.policy.entityType);
    const options = changesPageOf(new QueryParameters(request, CHANGES_PAGE_PARAMETERS));
    const page = await this.trails.of(request)[kind](type, keyOf(id, type.policy), options);
    const views = new ChangeViews(reader, this.types);
    return { ...page, items: page.items.map((change) => views.changeOfRevision(change)) };
  }
}
