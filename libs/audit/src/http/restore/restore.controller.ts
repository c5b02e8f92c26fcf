import { Body, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { RestorePlan, RestoreRequest } from '../../model/restore-plan.js';
import { AuditReader } from '../../query/audit-reader.js';
import { AuditRestorer } from '../../restore/audit-restorer.js';
import { RequiredAction } from '../access/audit-access.js';
import { EntityTypes, keyOf } from '../access/entity-types.js';
import { RequestAccess } from '../access/request-access.js';
import { revisionId } from '../parameters/point-parameter.js';
import type { HttpRequest } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import { AuditRoutes } from '../routes/audit-routes.decorator.js';
import { ReaderTrails } from '../trail/reader-trails.js';
import { RestorableEntities } from './restorable-entities.js';
import { RestoreBody } from './restore-body.js';

/** What a restore has become. */
export interface RestoredView {
  /** Null when there was nothing to do. */
  readonly revisionId: string | null;
}

/** Plans restores and carries them out. */
@AuditRoutes()
export class RestoreController {
  constructor(
    @Inject(RequestAccess) private readonly granted: RequestAccess,
    @Inject(ReaderTrails) private readonly trails: ReaderTrails,
    @Inject(EntityTypes) private readonly types: EntityTypes,
    @Inject(AuditReader) private readonly audit: AuditReader,
    @Inject(AuditRestorer) private readonly restorer: AuditRestorer,
  ) {}

  /** To a point in time; without one the entity as it was before it was deleted. */
  @Post('entities/:type/:id/restore-plan')
  @RequiredAction('restore')
  @RecordedRead({ action: 'audit.plan-restore', whenServed: true })
  @HttpCode(200)
  async planEntity(
    @Param('type') typeName: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
    @Body() json: unknown,
  ): Promise<RestorePlan> {
    const body = new RestoreBody(request, json, ['to', 'properties', 'withChildren', 'accept']);
    const type = this.types.get(typeName);
    const restorable = this.restorable(request);
    const key = keyOf(id, type.policy);
    await restorable.assertEntity(type, key);
    const [to, properties, withChildren] = [
      body.point(),
      body.texts('properties'),
      body.flag('withChildren'),
    ];
    const options = { accept: body.accept(), ...(withChildren === undefined ? {} : { withChildren }) };
    const plan = await (to === undefined
      ? this.audit.planUndelete(type.entity, key, options)
      : this.audit.planRestore(type.entity, key, {
          ...options,
          to,
          ...(properties === undefined ? {} : { properties }),
        }));
    return restorable.visible(plan);
  }

  @Post('entities/:type/:id/restore')
  @RequiredAction('restore')
  @RecordedRead({ action: 'audit.restore', whenServed: false })
  @HttpCode(200)
  restoreEntity(
    @Param('type') typeName: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
    @Body() json: unknown,
  ): Promise<RestoredView> {
    const { policy } = this.types.get(typeName);
    return this.apply(
      request,
      json,
      (asked) => asked.kind === 'entity' && asked.entityType === policy.entityType && asked.entityId === id,
    );
  }

  /** Everything that a revision did, undone. */
  @Post('revisions/:id/restore-plan')
  @RequiredAction('restore')
  @RecordedRead({ action: 'audit.plan-restore', whenServed: true })
  @HttpCode(200)
  async planRevision(
    @Param('id') id: string,
    @Req() request: HttpRequest,
    @Body() json: unknown,
  ): Promise<RestorePlan> {
    const body = new RestoreBody(request, json, ['accept']);
    const restorable = this.restorable(request);
    await restorable.assertRevision(revisionId('id', id));
    return restorable.visible(await this.audit.planRestoreRevision(id, { accept: body.accept() }));
  }

  @Post('revisions/:id/restore')
  @RequiredAction('restore')
  @RecordedRead({ action: 'audit.restore', whenServed: false })
  @HttpCode(200)
  restoreRevision(
    @Param('id') id: string,
    @Req() request: HttpRequest,
    @Body() json: unknown,
  ): Promise<RestoredView> {
    return this.apply(
      request,
      json,
      (asked) => asked.kind === 'revision' && asked.revisionId === revisionId('id', id),
    );
  }

  private async apply(
    request: HttpRequest,
    json: unknown,
    isAsked: (asked: RestoreRequest) => boolean,
  ): Promise<RestoredView> {
    const body = new RestoreBody(request, json, ['token', 'reason']);
    const [token, reason] = [body.text('token'), body.text('reason')];
    if (token === undefined || !isAsked(this.restorer.requestOf(token))) {
      throw new InvalidQueryError(
        'token',
        'is not that of a plan for this',
        'Ask for a plan, and send its token.',
      );
    }
    // A token says what is asked for, not who may: its plan is made anew and looked at before anything is done.
    await this.restorable(request).assertPlan(await this.restorer.review(token));
    const { revisionId: restored } = await this.restorer.apply(
      { token },
      reason === undefined ? {} : { reason },
    );
    return { revisionId: restored };
  }

  private restorable(request: HttpRequest): RestorableEntities {
    return new RestorableEntities(this.granted.of(request), this.trails.of(request), this.types);
  }
}
