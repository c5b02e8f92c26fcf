import type { EntityName } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import { InvalidQueryError } from '../errors/query-errors.js';
import type { EntityKey } from '../model/change.js';
import type { RestorePlan, RestoreRequest } from '../model/restore-plan.js';
import {
  type AcceptOptions,
  type RestoreOptions,
  RestorePlanner,
  type UndeleteOptions,
} from '../query/restore-planner.js';
import { AuditCatalog, type AuditedInstance } from '../query/terms/audit-catalog.js';
import { storedTypes } from '../query/terms/change-decoder.js';
import { entityIdOf } from '../query/terms/entity-id.js';
import { assertRevisionId } from '../query/terms/point-in-time.js';
import { type DraftedPlan, draftPlan } from './drafted-plan.js';
import { type GivenValues, withValues } from './given-values.js';
import { pointJson } from './restore-moment.js';

/** Plans restores by the trail and what is in the database now. */
@Injectable()
export class LiveRestorePlanner extends RestorePlanner {
  constructor(@Inject(AuditCatalog) private readonly catalog: AuditCatalog) {
    super();
  }

  async planRestore<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    { to, properties, withChildren = false, accept = [], values = {} }: RestoreOptions<Entity>,
  ): Promise<RestorePlan> {
    const { instance, entityType, entityId } = this.subject(entity, id);
    return this.plan(
      {
        kind: 'entity',
        context: contextOf(instance),
        entityType,
        entityId,
        to: pointJson(to),
        properties: properties ?? null,
        withChildren,
        accept,
        given: Object.keys(values),
      },
      values,
    );
  }

  async planUndelete(
    entity: EntityName,
    id: EntityKey,
    { withChildren = false, accept = [], values = {} }: UndeleteOptions,
  ): Promise<RestorePlan> {
    const { instance, entityType, entityId, types } = this.subject(entity, id);
    const [newest] = await instance.store.history({
      entityTypes: types,
      entityId,
      beforeId: null,
      limit: 1,
      details: false,
    });
    if (newest?.change.operation !== 'delete') {
      throw new InvalidQueryError(
        'entity id',
        `is that of ${entityType} ${entityId}, whose newest change is no delete`,
        'Restore an earlier state with planRestore().',
      );
    }
    return this.plan(
      {
        kind: 'entity',
        context: contextOf(instance),
        entityType,
        entityId,
        to: { beforeRevision: newest.revision.id },
        properties: null,
        withChildren,
        accept,
        given: Object.keys(values),
      },
      values,
    );
  }

  async planRestoreRevision(revisionId: string, { accept = [] }: AcceptOptions): Promise<RestorePlan> {
    assertRevisionId(revisionId);
    for (const instance of this.catalog.all()) {
      if (await instance.store.search.momentOf(revisionId)) {
        return this.plan({ kind: 'revision', context: contextOf(instance), revisionId, accept });
      }
    }
    throw new InvalidQueryError(
      'revision',
      `names ${revisionId}, which does not exist`,
      'Give the id of a revision of this trail.',
    );
  }

  /** @throws InvalidQueryError, HistoryUnavailableError as the methods that made the request */
  async draft(request: RestoreRequest, values: GivenValues): Promise<DraftedPlan> {
    return draftPlan(this.instanceOf(request), request, values);
  }

  /** @throws InvalidQueryError when there is no such MikroORM configuration */
  instanceOf(request: RestoreRequest): AuditedInstance {
    const instance = this.catalog.all().find((one) => contextOf(one) === request.context);
    if (!instance) {
      throw new InvalidQueryError(
        'token',
        `names the MikroORM configuration "${request.context}", which audits nothing`,
        'Plan again.',
      );
    }
    return instance;
  }

  private async plan(request: RestoreRequest, values: GivenValues = {}): Promise<RestorePlan> {
    return withValues((await this.draft(request, values)).plan, values);
  }

  private subject(entity: EntityName, id: EntityKey) {
    const { instance, family } = this.catalog.of(entity);
    const [policy] = family;
    const entityId = entityIdOf(id, policy && instance.codecs.find(policy.meta));
    if (!policy || entityId === null) {
      throw new InvalidQueryError(
        'entity id',
        'is none that an entity can have',
        'Give a key of the entity.',
      );
    }
    return { instance, entityType: policy.entityType, entityId, types: storedTypes(family) };
  }
}

function contextOf({ policies }: AuditedInstance): string {
  return policies.orm.config.get('contextName');
}
