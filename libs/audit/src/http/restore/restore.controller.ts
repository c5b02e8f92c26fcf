import { Body, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { RestorePlan, RestoreRequest } from '../../model/restore-plan.js';
import { AuditCatalog, type AuditedInstance, contextOf } from '../../query/terms/audit-catalog.js';
import { EntityTypes, keyOf } from '../../query/terms/entity-types.js';
import { Gates } from '../gate/gates.js';
import type { RestoredView } from '../gate/restore-gate.js';
import type { Visible } from '../gate/visible.js';
import { entityTypeOf } from '../parameters/entity-type-parameter.js';
import { revisionId } from '../parameters/point-parameter.js';
import type { HttpRequest } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import { AuditRoutes } from '../routes/audit-routes.decorator.js';
import { NeedsPermission } from '../routes/needs-permission.decorator.js';
import { RestoreBody } from './restore-body.js';

/** Plans restores and carries them out. */
@AuditRoutes()
export class RestoreController {
  constructor(
    @Inject(Gates) private readonly gates: Gates,
    @Inject(EntityTypes) private readonly types: EntityTypes,
    @Inject(AuditCatalog) private readonly catalog: AuditCatalog,
  ) {}

  /** To a point in time; without one the entity as it was before it was deleted. */
  @Post('entities/:type/:id/restore-plan')
  @NeedsPermission('restore')
  @RecordedRead({ action: 'audit.plan-restore', whenServed: true })
  @HttpCode(200)
  planEntity(
    @Param('type') typeName: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
    @Body() json: unknown,
  ): Promise<Visible<RestorePlan>> {
    const body = new RestoreBody(request, json, ['to', 'property', 'withChildren', 'accept']);
    const type = entityTypeOf(this.types, typeName);
    return this.gates.toRestore(request).planEntity(type, keyOf(id, type), {
      to: body.point(),
      property: body.texts('property'),
      withChildren: body.flag('withChildren'),
      accept: body.accept(),
    });
  }

  @Post('entities/:type/:id/restore')
  @NeedsPermission('restore')
  @RecordedRead({ action: 'audit.restore', whenServed: false })
  @HttpCode(200)
  restoreEntity(
    @Param('type') typeName: string,
    @Param('id') id: string,
    @Req() request: HttpRequest,
    @Body() json: unknown,
  ): Promise<Visible<RestoredView>> {
    const { policy, instance } = entityTypeOf(this.types, typeName);
    return this.apply(
      request,
      json,
      instance,
      (asked) => asked.kind === 'entity' && asked.entityType === policy.entityType && asked.entityId === id,
    );
  }

  /** Everything that a revision did, undone. */
  @Post('revisions/:id/undo-plan')
  @NeedsPermission('restore')
  @RecordedRead({ action: 'audit.plan-restore', whenServed: true })
  @HttpCode(200)
  planUndo(
    @Param('id') id: string,
    @Req() request: HttpRequest,
    @Body() json: unknown,
  ): Promise<Visible<RestorePlan>> {
    const body = new RestoreBody(request, json, ['accept']);
    return this.gates.toRestore(request).planUndo(revisionId('id', id), { accept: body.accept() });
  }

  @Post('revisions/:id/undo')
  @NeedsPermission('restore')
  @RecordedRead({ action: 'audit.restore', whenServed: false })
  @HttpCode(200)
  undo(
    @Param('id') id: string,
    @Req() request: HttpRequest,
    @Body() json: unknown,
  ): Promise<Visible<RestoredView>> {
    return this.apply(
      request,
      json,
      this.catalog.instance({}),
      (asked) => asked.kind === 'revision' && asked.revisionId === revisionId('id', id),
    );
  }

  /** @param instance of the request, which may be that of a tenant: plans for others are none for this */
  private apply(
    request: HttpRequest,
    json: unknown,
    instance: AuditedInstance,
    isAsked: (asked: RestoreRequest) => boolean,
  ): Promise<Visible<RestoredView>> {
    const body = new RestoreBody(request, json, ['token', 'reason']);
    return this.gates
      .toRestore(request)
      .apply(
        body.text('token'),
        body.text('reason'),
        (asked) => asked.instance === contextOf(instance) && isAsked(asked),
      );
  }
}
