import { Get, Inject, Param, Req } from '@nestjs/common';
import type { Page } from '../../model/page.js';
import { type EntityType, EntityTypes, keyOf } from '../../query/terms/entity-types.js';
import type { Gate } from '../gate/gate.js';
import { Gates } from '../gate/gates.js';
import type { Visible } from '../gate/visible.js';
import { entityTypeOf } from '../parameters/entity-type-parameter.js';
import { CHANGES_PAGE_PARAMETERS, changesPageOf } from '../parameters/page-parameters.js';
import { propertiesOf } from '../parameters/property-parameter.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import type { ChangeOfRevisionView } from '../view/change-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { NeedsPermission } from './needs-permission.decorator.js';

/** The recorded changes of one entity. */
@AuditRoutes('entities/:type/:id')
export class EntityHistoryController {
  constructor(
    @Inject(Gates) private readonly gates: Gates,
    @Inject(EntityTypes) private readonly types: EntityTypes,
  ) {}

  @Get('history')
  @NeedsPermission('history')
  @RecordedRead({ action: 'audit.history', whenServed: true })
  async history(
    @Param('type') typeName: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
  ): Promise<Visible<Page<ChangeOfRevisionView>>> {
    const { type, gate } = this.readable(typeName, request);
    const parameters = new QueryParameters(request, [...CHANGES_PAGE_PARAMETERS, 'property']);
    const property = propertiesOf(parameters, type, gate.reader);
    return gate.history(type, keyOf(id, type), { ...changesPageOf(parameters), ...property });
  }

  /** With everything that is part of it. */
  @Get('history-with-parts')
  @NeedsPermission('history')
  @RecordedRead({ action: 'audit.history', whenServed: true })
  async historyWithParts(
    @Param('type') typeName: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
  ): Promise<Visible<Page<ChangeOfRevisionView>>> {
    const { type, gate } = this.readable(typeName, request);
    const page = changesPageOf(new QueryParameters(request, CHANGES_PAGE_PARAMETERS));
    return gate.historyWithParts(type, keyOf(id, type), page);
  }

  /** @throws NotFoundException, ForbiddenException */
  private readable(
    typeName: string,
    request: HttpRequest,
  ): { readonly type: EntityType; readonly gate: Gate } {
    const type = entityTypeOf(this.types, typeName);
    const gate = this.gates.of(request);
    gate.reader.assertOn('history', type.policy.entityType);
    return { type, gate };
  }
}
