import { Get, Inject, Param, Req } from '@nestjs/common';
import { EntityTypes } from '../../query/terms/entity-types.js';
import type { EntityList } from '../gate/gate.js';
import { Gates } from '../gate/gates.js';
import type { Visible } from '../gate/visible.js';
import { entityTypeOf } from '../parameters/entity-type-parameter.js';
import { keysOf } from '../parameters/key-parameters.js';
import { detailsOf } from '../parameters/page-parameters.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import type { ChangeOfRevisionView } from '../view/change-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { NeedsPermission } from './needs-permission.decorator.js';

/** "Last modified by" of the entities of a list. */
@AuditRoutes('entities/:type/latest')
export class EntityLatestController {
  constructor(
    @Inject(Gates) private readonly gates: Gates,
    @Inject(EntityTypes) private readonly types: EntityTypes,
  ) {}

  /** The newest change of each, in the order of the ids; null where the reader sees none. */
  @Get()
  @NeedsPermission('history')
  @RecordedRead({ action: 'audit.latest', whenServed: true })
  latest(
    @Param('type') typeName: string,
    @Req() request: HttpRequest,
  ): Promise<Visible<EntityList<ChangeOfRevisionView>>> {
    const type = entityTypeOf(this.types, typeName);
    const gate = this.gates.of(request);
    gate.reader.assertOn('history', type.policy.entityType);
    const parameters = new QueryParameters(request, ['id', 'details']);
    return gate.latest(type, keysOf(parameters, type), detailsOf(parameters));
  }
}
