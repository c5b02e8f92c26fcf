import { NotFoundException } from '@nestjs/common';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { EntityKey } from '../../model/change.js';
import type { RestoreConflictKind } from '../../model/restore-conflict.js';
import type { RestorePlan, RestoreRequest, RestoreStep } from '../../model/restore-plan.js';
import type { EntityType, EntityTypes } from '../../query/terms/entity-types.js';
import type { PointInTime } from '../../query/terms/point-in-time.js';
import type { AuditRestorer } from '../../restore/audit-restorer.js';
import type { RestoreLimits } from '../../restore/restore-options.js';
import { LabelView } from '../access/label-view.js';
import type { ReaderAccess } from '../access/reader-access.js';
import type { BoundedReads } from '../limits/bounded-reads.js';
import type { ReaderTrail } from '../trail/reader-trail.js';
import { seal } from './seal.js';
import type { Visible } from './visible.js';

/** A restore of one entity, as a reader asks for it. */
export interface EntityRestore {
  /** Undefined for the state before its delete. */
  readonly to: PointInTime | undefined;
  readonly property: readonly string[] | undefined;
  readonly withChildren: boolean | undefined;
  readonly accept: readonly RestoreConflictKind[];
}

/** The outcome of a restore. */
export interface RestoredView {
  /** Null when there was nothing to do. */
  readonly revisionId: string | null;
}

/** Restores for one reader: planned and carried out within what it may see and restore, and shown as `Gate` shows the rest. */
export class RestoreGate {
  private readonly labels: LabelView;
  private readonly limits: RestoreLimits;

  constructor(
    private readonly reader: ReaderAccess,
    private readonly trail: ReaderTrail,
    types: EntityTypes,
    private readonly reads: BoundedReads,
    private readonly restorer: AuditRestorer,
  ) {
    this.labels = new LabelView(reader, types);
    this.limits = limitsOf(reader);
  }

  /**
   * @throws ForbiddenException, RestoreForbiddenError for anything that the reader may not restore
   * @throws NotFoundException when it is no entity that the reader may see
   */
  async planEntity(
    type: EntityType,
    key: EntityKey,
    { to, property, withChildren, accept }: EntityRestore,
  ): Promise<Visible<RestorePlan>> {
    for (const { entityType } of type.family) {
      this.reader.assertOn('restore', entityType);
      this.reader.assertOn('values', entityType);
    }
    if (!(await this.trail.sees(type, key))) {
      throw new NotFoundException('Nothing is recorded of this entity.');
    }
    const options = {
      ...type.place,
      accept,
      limits: this.limits,
      ...(withChildren === undefined ? {} : { withChildren }),
    };
    if (to === undefined) {
      return this.visible(await this.reads.ask(() => this.restorer.planUndelete(type.entity, key, options)));
    }
    await this.trail.assertPoint(to);
    const only = property === undefined ? {} : { property };
    const asked = { ...options, to, ...only };
    return this.visible(await this.reads.ask(() => this.restorer.plan(type.entity, key, asked)));
  }

  /**
   * @throws NotFoundException when the reader sees nothing of it
   * @throws RestoreForbiddenError
   */
  async planUndo(id: string, { accept }: Pick<EntityRestore, 'accept'>): Promise<Visible<RestorePlan>> {
    if (!(await this.trail.revision(id, 1))) {
      throw new NotFoundException('There is no such revision.');
    }
    const options = { accept, limits: this.limits };
    return this.visible(await this.reads.ask(() => this.restorer.planUndo(id, options)));
  }

  /**
   * A token says what is asked for, not who may: its plan is made anew within the limits of the reader.
   * @throws InvalidQueryError when it is none of a plan that `isAsked`
   * @throws RestoreForbiddenError, StalePlanError, RestoreConflictError
   */
  async apply(
    token: string | undefined,
    reason: string | undefined,
    isAsked: (asked: RestoreRequest) => boolean,
  ): Promise<Visible<RestoredView>> {
    if (token === undefined || !isAsked(this.restorer.requestOf(token))) {
      throw new InvalidQueryError(
        'token',
        'is not that of a plan for this',
        'Ask for a plan, and send its token.',
      );
    }
    const { revisionId } = await this.restorer.apply(
      { token },
      { limits: this.limits, ...(reason === undefined ? {} : { reason }) },
    );
    return seal({ revisionId });
  }

  private visible(plan: RestorePlan): Visible<RestorePlan> {
    return seal({ ...plan, steps: plan.steps.map((step) => this.visibleStep(step)) });
  }

  private visibleStep(step: RestoreStep): RestoreStep {
    const { entityType } = step;
    const hidden = this.reader.hiddenOf(entityType);
    const values = step.values.map((value) => ({
      ...value,
      ...('before' in value ? { before: hidden.apply(value.path, value.before) } : {}),
      ...('after' in value ? { after: hidden.apply(value.path, value.after) } : {}),
      labels: this.targetLabels(entityType, value),
    }));
    const label = this.labels.visible({ own: step.label, targets: {} }, entityType)?.own ?? null;
    return { ...step, label, values };
  }

  private targetLabels(
    entityType: string,
    { path, labels }: RestoreStep['values'][number],
  ): Readonly<Record<string, string>> {
    return this.labels.visible({ own: null, targets: { [path]: labels } }, entityType)?.targets[path] ?? {};
  }
}

function limitsOf(reader: ReaderAccess): RestoreLimits {
  const within = reader.scope('restore');
  return {
    ...(within === undefined ? {} : { within }),
    mayRestore: (type) => reader.mayOn('restore', type) && reader.mayOn('values', type),
    mayName: (type) => reader.permissionsOn(type).length > 0,
    hides: (type, path) => reader.hiddenOf(type).touches(path),
    // Nobody is granted rows that are not in the trail, but who may do everything.
    mayTouchUnaudited: within === undefined && reader.mayOnAll('restore') && reader.seesEverything,
  };
}
