import type { EntityName } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import { InvalidQueryError } from '../errors/query-errors.js';
import type { EntityKey } from '../model/change.js';
import { entityTypeParts } from '../model/entity-type.js';
import type { RestorePlan, RestoreRequest } from '../model/restore-plan.js';
import { AuditCatalog, type AuditedInstance, contextOf, seenFrom } from '../query/terms/audit-catalog.js';
import { storedTypes } from '../query/terms/change-decoder.js';
import { entityIdOf } from '../query/terms/entity-id.js';
import { type PlaceOptions, refuseSchema } from '../query/terms/place-options.js';
import { assertRevisionId } from '../query/terms/point-in-time.js';
import { resolveScope } from '../query/terms/trail-scope.js';
import { hasSessionContext } from '../versions/session-context.js';
import { type DraftedPlan, draftPlan } from './drafted-plan.js';
import { type GivenValues, withValues } from './given-values.js';
import { RestoreGuard } from './restore-guard.js';
import { pointJson } from './restore-moment.js';
import type { AcceptOptions, RestoreLimits, RestoreOptions, UndeleteOptions } from './restore-options.js';
import { RestoreTokens } from './restore-token.js';

/** How a request is planned. */
export interface RequestOptions {
  readonly values?: GivenValues;
  readonly limits?: RestoreLimits | undefined;
}

/** Plans restores by the trail and what is in the database now. */
@Injectable()
export class RestorePlanner {
  constructor(
    @Inject(AuditCatalog) private readonly catalog: AuditCatalog,
    @Inject(RestoreTokens) private readonly tokens: RestoreTokens,
  ) {}

  async planState<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    {
      to,
      property,
      withChildren = false,
      accept = [],
      values = {},
      limits,
      ...place
    }: RestoreOptions<Entity>,
  ): Promise<RestorePlan> {
    const { instance, entityType, entityId } = this.subject(entity, id, place);
    return this.plan(
      {
        kind: 'entity',
        instance: contextOf(instance),
        entityType,
        entityId,
        to: pointJson(to),
        properties: property === undefined ? null : [property].flat(),
        withChildren,
        accept,
        given: Object.keys(values),
      },
      { values, limits },
    );
  }

  async planUndelete(
    entity: EntityName,
    id: EntityKey,
    { withChildren = false, accept = [], values = {}, limits, ...place }: UndeleteOptions,
  ): Promise<RestorePlan> {
    const { instance, entityType, entityId, types } = this.subject(entity, id, place);
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
        'Restore an earlier state with plan().',
      );
    }
    return this.plan(
      {
        kind: 'entity',
        instance: contextOf(instance),
        entityType,
        entityId,
        to: { beforeRevision: newest.revision.id },
        properties: null,
        withChildren,
        accept,
        given: Object.keys(values),
      },
      { values, limits },
    );
  }

  async planUndo(revisionId: string, { accept = [], limits, ...place }: AcceptOptions): Promise<RestorePlan> {
    assertRevisionId(revisionId);
    refuseSchema(place, 'a revision may be of several');
    const instance = this.catalog.instance(place);
    if (await instance.store.search.momentOf(revisionId)) {
      return this.plan({ kind: 'revision', instance: contextOf(instance), revisionId, accept }, { limits });
    }
    throw new InvalidQueryError(
      'revision',
      `names ${revisionId}, which does not exist`,
      'Give the id of a revision of this trail.',
    );
  }

  /** @throws InvalidQueryError, HistoryUnavailableError, RestoreForbiddenError as the methods that made the request */
  async draft(
    request: RestoreRequest,
    { values = {}, limits, locks = false }: RequestOptions & { readonly locks?: boolean },
  ): Promise<DraftedPlan> {
    const instance = this.instanceOf(request);
    const guard = limits
      ? new RestoreGuard(instance, limits, resolveScope(this.catalog, instance, limits))
      : null;
    return inSession(instance, () => draftPlan(instance, request, { values, guard, locks }));
  }

  /**
   * Seen from the schema of the entity that is asked for.
   * @throws InvalidQueryError when there is no such MikroORM configuration
   */
  instanceOf(request: RestoreRequest): AuditedInstance {
    const instance = this.catalog.all().find((one) => contextOf(one) === request.instance);
    if (!instance) {
      throw new InvalidQueryError(
        'token',
        `names the MikroORM configuration "${request.instance}", which audits nothing`,
        'Plan again.',
      );
    }
    const { schema } = request.kind === 'entity' ? entityTypeParts(request.entityType) : { schema: null };
    return schema === null ? instance : seenFrom(instance, schema);
  }

  private async plan(request: RestoreRequest, options: RequestOptions): Promise<RestorePlan> {
    const { plan, basis } = await this.draft(request, options);
    return withValues({ ...plan, token: this.tokens.encode(request, basis) }, options.values ?? {});
  }

  private subject(entity: EntityName, id: EntityKey, place: PlaceOptions) {
    const { instance, family } = this.catalog.of(entity, place);
    const [policy] = family;
    const entityId = entityIdOf(id, policy && instance.codecs.ofPolicy(policy));
    if (!policy || entityId === null) {
      throw new InvalidQueryError(
        'entity id',
        'is not one that an entity can have',
        'Give a key of the entity.',
      );
    }
    return { instance, entityType: policy.entityType, entityId, types: storedTypes(family) };
  }
}

/** Rows that row level security hides without the session context of the EntityManager must not be taken for gone. */
function inSession<Result>({ policies }: AuditedInstance, work: () => Promise<Result>): Promise<Result> {
  const em = policies.orm.em.getContext(false);
  return hasSessionContext(em) && !em.isInTransaction()
    ? em.fork({ clear: true }).transactional(work)
    : work();
}
