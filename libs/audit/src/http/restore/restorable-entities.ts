import { ForbiddenException, NotFoundException } from '@nestjs/common';
import type { EntityKey } from '../../model/change.js';
import type { RestorePlan, RestoreStep } from '../../model/restore-plan.js';
import { type EntityType, type EntityTypes, keyOf } from '../access/entity-types.js';
import type { ReaderAccess } from '../access/reader-access.js';
import type { ReaderTrail } from '../trail/reader-trail.js';

/** A reader who sees only a part of the trail may restore at most so many entities at once: each has to be looked at. */
const MAX_LOOKED_AT = 500;

/** What one reader may restore, and sees of it. */
export class RestorableEntities {
  constructor(
    private readonly reader: ReaderAccess,
    private readonly trail: ReaderTrail,
    private readonly types: EntityTypes,
  ) {}

  /**
   * @throws ForbiddenException when the reader may not restore such entities
   * @throws NotFoundException when it is none that the reader may see
   */
  async assertEntity(type: EntityType, key: EntityKey): Promise<void> {
    for (const { entityType } of type.family) {
      this.reader.assertOn('restore', entityType);
      this.reader.assertOn('values', entityType);
    }
    if (!(await this.trail.sees(type, key))) {
      throw new NotFoundException('Nothing is recorded of this entity.');
    }
  }

  /** @throws NotFoundException when the reader sees nothing of it */
  async assertRevision(id: string): Promise<void> {
    if (!(await this.trail.revision(id))) {
      throw new NotFoundException('There is no such revision.');
    }
  }

  /** @throws ForbiddenException when the plan touches anything that the reader may not restore */
  async assertPlan({ steps }: RestorePlan): Promise<void> {
    for (const { entityType } of steps) {
      this.reader.assertOn('restore', entityType);
      this.reader.assertOn('values', entityType);
    }
    if (this.reader.scope('restore') === undefined) {
      return;
    }
    if (steps.length > MAX_LOOKED_AT) {
      throw new ForbiddenException(`You may not restore more than ${MAX_LOOKED_AT} entities at once.`);
    }
    for (const { entityType, entityId } of steps) {
      const type = this.types.get(entityType);
      if (!(await this.trail.sees(type, keyOf(entityId, type.policy)))) {
        throw new ForbiddenException('You may not restore everything that belongs to it.');
      }
    }
  }

  /**
   * The plan as the reader may see it.
   * @throws ForbiddenException as `assertPlan` does
   */
  async visible(plan: RestorePlan): Promise<RestorePlan> {
    await this.assertPlan(plan);
    return { ...plan, steps: plan.steps.map((step) => this.visibleStep(step)) };
  }

  private visibleStep(step: RestoreStep): RestoreStep {
    const hidden = this.reader.hiddenOf(step.entityType);
    if (hidden.isEmpty) {
      return step;
    }
    const values = step.values.map((value) => ({
      ...value,
      ...('before' in value ? { before: hidden.apply(value.path, value.before) } : {}),
      ...('after' in value ? { after: hidden.apply(value.path, value.after) } : {}),
      labels: hidden.touches(value.path) ? {} : value.labels,
    }));
    return { ...step, label: null, values };
  }
}
