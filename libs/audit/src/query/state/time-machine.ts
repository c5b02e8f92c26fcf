import type { EntityName } from '@mikro-orm/core';
import type { Blame } from '../../model/blame.js';
import type { EntityKey, FieldChange } from '../../model/change.js';
import type { JsonValue } from '../../model/json.js';
import type { Page, PageOptions } from '../../model/page.js';
import type { AuditCatalog, AuditedInstance } from '../terms/audit-catalog.js';
import { storedTypes } from '../terms/change-decoder.js';
import { entityIdOf } from '../terms/entity-id.js';
import { PageRequest } from '../terms/page-request.js';
import { describePoint, momentOf, type PointInTime } from '../terms/point-in-time.js';
import { resolveScope, type ScopeOptions } from '../terms/trail-scope.js';
import type { StateOptions } from './entity-state.js';
import { assertNoRow } from './live-row.js';
import type { PastState } from './past-state.js';
import { PastStates } from './past-states.js';
import { blameOf } from './state-blame.js';
import { stateDifference } from './state-difference.js';
import { resolveStateFilter } from './state-filter.js';
import { tellGaps } from './state-gaps.js';
import { populateTree, StatePopulation } from './state-population.js';
import { StateSearch } from './state-search.js';

/** Looks at entities as they were. */
export class TimeMachine {
  constructor(private readonly catalog: AuditCatalog) {}

  /**
   * @param point null for now
   * @returns null when it did not exist then
   * @throws NotAuditedError, InvalidQueryError, HistoryUnavailableError
   */
  async one(
    entity: EntityName,
    key: EntityKey,
    point: PointInTime | null,
    { populate = [], within, ...place }: StateOptions & ScopeOptions = {},
  ): Promise<{ readonly state: PastState; readonly instance: AuditedInstance } | null> {
    const { instance, family } = this.catalog.of(entity, place);
    const scope = resolveScope(this.catalog, instance, within);
    const moment = point && (await momentOf(point, instance.store));
    const past = new PastStates(instance, moment, scope);
    const population = new StatePopulation(past);
    const id = entityIdOf(key, family[0] && instance.codecs.ofPolicy(family[0]));
    const traced = id === null ? new Map<string, PastState>() : await past.trace(family, [id]);
    const state = id === null ? undefined : traced.get(id);
    if (id !== null && !state && !scope) {
      await assertNoRow(instance, family, id, describePoint(point));
    }
    const found = state ? [state] : [];
    await population.populate(found, family, populateTree(populate));
    await tellGaps(found, instance.store.search);
    return state ? { state, instance } : null;
  }

  /** @throws NotAuditedError, InvalidQueryError, HistoryUnavailableError */
  async difference<Entity extends object>(
    entity: EntityName<Entity>,
    key: EntityKey,
    [first, second]: readonly [PointInTime, PointInTime],
    scope: ScopeOptions,
  ): Promise<readonly FieldChange<Entity>[]> {
    const before = await this.one(entity, key, first, scope);
    const after = await this.one(entity, key, second, scope);
    return stateDifference(before?.state ?? null, after?.state ?? null);
  }

  /**
   * @returns null when it does not exist now
   * @throws NotAuditedError, HistoryUnavailableError
   */
  async blame<Entity extends object>(
    entity: EntityName<Entity>,
    key: EntityKey,
    scope: ScopeOptions,
  ): Promise<readonly Blame<Entity>[] | null> {
    const found = await this.one(entity, key, null, scope);
    return found && blameOf(found.state, found.instance.store);
  }

  /** @throws NotAuditedError, InvalidQueryError */
  async many(
    entity: EntityName,
    where: Readonly<Record<string, unknown>>,
    point: PointInTime,
    { populate = [], within, schema, context, ...page }: PageOptions & StateOptions & ScopeOptions,
  ): Promise<Page<PastState>> {
    const place = {
      ...(schema === undefined ? {} : { schema }),
      ...(context === undefined ? {} : { context }),
    };
    const { instance, family } = this.catalog.of(entity, place);
    const filter = resolveStateFilter(instance, family, where);
    const scope = resolveScope(this.catalog, instance, within);
    const moment = await momentOf(point, instance.store);
    const identity = {
      kind: 'states',
      types: storedTypes(family),
      filter: filter.identity,
      moment: { ...moment },
      scope: JSON.parse(JSON.stringify(scope)) as JsonValue,
    };
    const request = new PageRequest(identity, page);
    const past = new PastStates(instance, moment, scope);
    const states = await new StateSearch(past, family, filter).page(
      request.limit + 1,
      request.after?.[0] ?? null,
    );
    const found = request.page(
      states.found,
      ({ entityId }) => [entityId],
      (state) => state,
      states.stoppedAt === null ? null : [states.stoppedAt],
    );
    await new StatePopulation(past).populate(found.items, family, populateTree(populate));
    await tellGaps(found.items, instance.store.search);
    return found;
  }
}
