import { Get, Inject, Param, Req } from '@nestjs/common';
import type { Page } from '../../model/page.js';
import { EntityTypes, keyOf } from '../access/entity-types.js';
import { Gates } from '../gate/gates.js';
import type { Visible } from '../gate/visible.js';
import { CHANGES_PAGE_PARAMETERS, changesPageOf } from '../parameters/page-parameters.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import type { ChangeOfRevisionView } from '../view/change-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { NeedsAction } from './needs-action.decorator.js';

/** The recorded changes of one entity. */
@AuditRoutes('entities/:type/:id')
export class EntityHistoryController {
  constructor(
    @Inject(Gates) private readonly gates: Gates,
    @Inject(EntityTypes) private readonly types: EntityTypes,
  ) {}

  @Get('history')
  @NeedsAction('history')
  @RecordedRead({ action: 'audit.history', whenServed: true })
  history(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
  ): Promise<Visible<Page<ChangeOfRevisionView>>> {
    return this.page('history', type, id, request);
  }

  /** With everything that is part of it. */
  @Get('story')
  @NeedsAction('history')
  @RecordedRead({ action: 'audit.history', whenServed: true })
  story(
    @Param('type') type: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
  ): Promise<Visible<Page<ChangeOfRevisionView>>> {
    return this.page('story', type, id, request);
  }

  private async page(
    kind: 'history' | 'story',
    typeName: string,
    id: string,
    request: HttpRequest,
  ): Promise<Visible<Page<ChangeOfRevisionView>>> {
    const gate = this.gates.of(request);
    const type = this.types.get(typeName);
    gate.reader.assertOn('history', type.policy.entityType);
    const options = changesPageOf(new QueryParameters(request, CHANGES_PAGE_PARAMETERS));
    return gate[kind](type, keyOf(id, type.policy), options);
  }
}
