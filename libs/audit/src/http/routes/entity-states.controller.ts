import { Get, Inject, Param, Req } from '@nestjs/common';
import type { Page } from '../../model/page.js';
import { RequiredAction } from '../access/audit-access.js';
import { type EntityType, EntityTypes, keyOf } from '../access/entity-types.js';
import type { ReaderAccess } from '../access/reader-access.js';
import { RequestAccess } from '../access/request-access.js';
import { pageOf } from '../parameters/page-parameters.js';
import { namedPoint, pointOf } from '../parameters/point-parameter.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { populateOf, WHERE_PREFIX, whereOf } from '../parameters/state-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import { ReaderTrails } from '../trail/reader-trails.js';
import { type BlameView, blameViews, type FieldView, fieldViews } from '../view/change-view.js';
import { type StateView, StateViews } from '../view/state-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';

/** What entities were like, rebuilt from their changes. */
@AuditRoutes('entities/:type')
export class EntityStatesController {
  constructor(
    @Inject(RequestAccess) private readonly granted: RequestAccess,
    @Inject(ReaderTrails) private readonly trails: ReaderTrails,
    @Inject(EntityTypes) private readonly types: EntityTypes,
  ) {}

  /** The entities that had some values. */
  @Get('states')
  @RequiredAction('values')
  @RecordedRead({ action: 'audit.state', whenServed: true })
  async states(@Param('type') typeName: string, @Req() request: HttpRequest): Promise<Page<StateView>> {
    const { type, reader } = this.readable(typeName, request);
    reader.assertOn('list', type.policy.entityType);
    const parameters = new QueryParameters(request, ['at', 'revision', 'limit', 'cursor'], WHERE_PREFIX);
    const where = whereOf(parameters, type, reader);
    const trail = this.trails.of(request);
    const page = await trail.states(type, where, pointOf(parameters), pageOf(parameters));
    const views = new StateViews(reader, type.instance);
    return { ...page, items: page.items.map((state) => views.view(state, type.family)) };
  }

  @Get(':id/state')
  @RequiredAction('values')
  @RecordedRead({ action: 'audit.state', whenServed: true })
  async state(
    @Param('type') typeName: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
  ): Promise<{ readonly state: StateView | null }> {
    const { type, reader } = this.readable(typeName, request);
    const parameters = new QueryParameters(request, ['at', 'revision', 'populate']);
    const populate = populateOf(parameters, type, reader);
    const trail = this.trails.of(request);
    const state = await trail.state(type, keyOf(id, type.policy), pointOf(parameters), populate);
    return { state: state && new StateViews(reader, type.instance).view(state, type.family) };
  }

  /** What differs between two points in time, in either order. */
  @Get(':id/diff')
  @RequiredAction('values')
  @RecordedRead({ action: 'audit.diff', whenServed: true })
  async diff(
    @Param('type') typeName: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
  ): Promise<{ readonly fields: readonly FieldView[] }> {
    const { type, reader } = this.readable(typeName, request);
    const parameters = new QueryParameters(request, ['from', 'to']);
    const [from, to] = [namedPoint(parameters, 'from'), namedPoint(parameters, 'to')];
    const fields = await this.trails.of(request).diff(type, keyOf(id, type.policy), from, to);
    return { fields: fieldViews(fields, reader.hiddenOfAny(type.family)) };
  }

  /** Who gave each property its present value, when and why. */
  @Get(':id/blame')
  @RequiredAction('values')
  @RecordedRead({ action: 'audit.blame', whenServed: true })
  async blame(
    @Param('type') typeName: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
  ): Promise<{ readonly properties: readonly BlameView[] | null }> {
    const { type, reader } = this.readable(typeName, request);
    new QueryParameters(request, []);
    const blame = await this.trails.of(request).blame(type, keyOf(id, type.policy));
    return { properties: blame && blameViews(blame, reader.hiddenOfAny(type.family)) };
  }

  /** @throws NotFoundException, ForbiddenException */
  private readable(
    typeName: string,
    request: HttpRequest,
  ): { readonly type: EntityType; readonly reader: ReaderAccess } {
    const type = this.types.get(typeName);
    const reader = this.granted.of(request);
    for (const { entityType } of type.family) {
      reader.assertOn('history', entityType);
      reader.assertOn('values', entityType);
    }
    return { type, reader };
  }
}
