import { Get, Inject, Param, Req } from '@nestjs/common';
import type { Page } from '../../model/page.js';
import { type EntityType, EntityTypes, keyOf } from '../../query/terms/entity-types.js';
import type { Gate } from '../gate/gate.js';
import { Gates } from '../gate/gates.js';
import type { Visible } from '../gate/visible.js';
import { entityTypeOf } from '../parameters/entity-type-parameter.js';
import { keysOf } from '../parameters/key-parameters.js';
import { detailsOf, pageOf } from '../parameters/page-parameters.js';
import { namedPoint, pointOf } from '../parameters/point-parameter.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { populateOf, WHERE_PREFIX, whereOf } from '../parameters/state-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import type { BlameView, FieldView } from '../view/change-view.js';
import type { StateView } from '../view/state-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { NeedsPermission } from './needs-permission.decorator.js';

/** Each of a page is rebuilt from all of its changes. */
const MOST_STATES = 50;

/** The states of entities, rebuilt from their changes. */
@AuditRoutes('entities/:type')
export class EntityStatesController {
  constructor(
    @Inject(Gates) private readonly gates: Gates,
    @Inject(EntityTypes) private readonly types: EntityTypes,
  ) {}

  /** The entities that had some values, or those of some ids, in their order: null where there was none. */
  @Get('states')
  @NeedsPermission('values')
  @RecordedRead({ action: 'audit.state', whenServed: true })
  async states(
    @Param('type') typeName: string,
    @Req() request: HttpRequest,
  ): Promise<Visible<Page<StateView | null>>> {
    const { type, gate } = this.readable(typeName, request);
    gate.reader.assertOn('list', type.policy.entityType);
    const legal = ['at', 'revision', 'id', 'limit', 'cursor'];
    const parameters = new QueryParameters(request, legal, WHERE_PREFIX);
    if (parameters.all('id').length > 0) {
      const ids = new QueryParameters(request, ['at', 'revision', 'id']);
      return gate.statesOf(type, keysOf(ids, type), pointOf(ids));
    }
    const where = whereOf(parameters, type, gate.reader);
    return gate.states(type, where, pointOf(parameters), pageOf(parameters, MOST_STATES));
  }

  @Get(':id/state')
  @NeedsPermission('values')
  @RecordedRead({ action: 'audit.state', whenServed: true })
  async state(
    @Param('type') typeName: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
  ): Promise<Visible<{ readonly state: StateView | null }>> {
    const { type, gate } = this.readable(typeName, request);
    const parameters = new QueryParameters(request, ['at', 'revision', 'populate']);
    const populate = populateOf(parameters, type, gate.reader);
    return gate.state(type, keyOf(id, type), pointOf(parameters), populate);
  }

  /** The differences between two points in time, in either order. */
  @Get(':id/diff')
  @NeedsPermission('values')
  @RecordedRead({ action: 'audit.diff', whenServed: true })
  async diff(
    @Param('type') typeName: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
  ): Promise<Visible<{ readonly fields: readonly FieldView[] }>> {
    const { type, gate } = this.readable(typeName, request);
    const parameters = new QueryParameters(request, ['from', 'to']);
    const [from, to] = [namedPoint(parameters, 'from'), namedPoint(parameters, 'to')];
    return gate.diff(type, keyOf(id, type), from, to);
  }

  /** Who gave each property its present value, when and why. */
  @Get(':id/blame')
  @NeedsPermission('values')
  @RecordedRead({ action: 'audit.blame', whenServed: true })
  async blame(
    @Param('type') typeName: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
  ): Promise<Visible<{ readonly properties: readonly BlameView[] | null }>> {
    const { type, gate } = this.readable(typeName, request);
    const details = detailsOf(new QueryParameters(request, ['details']));
    return gate.blame(type, keyOf(id, type), details);
  }

  /** @throws NotFoundException, ForbiddenException */
  private readable(
    typeName: string,
    request: HttpRequest,
  ): { readonly type: EntityType; readonly gate: Gate } {
    const type = entityTypeOf(this.types, typeName);
    const gate = this.gates.of(request);
    for (const { entityType } of type.family) {
      gate.reader.assertOn('history', entityType);
      gate.reader.assertOn('values', entityType);
    }
    return { type, gate };
  }
}
