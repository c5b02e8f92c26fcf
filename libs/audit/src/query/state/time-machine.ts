import type { EntityName } from '@mikro-orm/core';
import type { Blame } from '../../model/blame.js';
import type { EntityKey, FieldChange } from '../../model/change.js';
import type { JsonValue } from '../../model/json.js';
import type { Page, PageOptions } from '../../model/page.js';
import type { RevisionOf } from '../../model/revision.js';
import type { AuditCatalog, AuditedInstance } from '../terms/audit-catalog.js';
import { storedTypes } from '../terms/change-decoder.js';
import type { DetailsOption } from '../terms/change-query.js';
import { entityIdsOf } from '../terms/key-list.js';
import { PageRequest } from '../terms/page-request.js';
import { describePoint, momentOf, type PointInTime } from '../terms/point-in-time.js';
import { resolveScope, type ScopeOptions } from '../terms/trail-scope.js';
import type { StateOptions } from './entity-state.js';
import { assertNoRow, unrecordedRows } from './live-row.js';
import type { PastState } from './past-state.js';
import { PastStates } from './past-states.js';
import { blameOf } from './state-blame.js';
import { stateDifference } from './state-difference.js';
import { resolveStateFilter } from './state-filter.js';
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
    options: StateOptions & ScopeOptions = {},
  ): Promise<{ readonly state: PastState; readonly instance: AuditedInstance } | null> {
    const { past, family, ids, isScoped } = await this.prepare(entity, [key], point, options);
    const id = ids[0] ?? null;
    const state = id === null ? undefined : (await past.trace(family, [id])).get(id);
    if (id !== null && !state && !isScoped) {
      await assertNoRow(past.instance, family, id, describePoint(point));
    }
    await new StatePopulation(past).populate(
      state ? [state] : [],
      family,
      populateTree(options.populate ?? []),
    );
    return state ? { state, instance: past.instance } : null;
  }

  /**
   * The states of all keys with as many queries as that of one; null in the place of what did not exist. An entity that is there and
   * not in the trail has its key only.
   * @throws NotAuditedError, InvalidQueryError
   */
  async each(
    entity: EntityName,
    keys: readonly EntityKey[],
    point: PointInTime,
    options: StateOptions & ScopeOptions,
  ): Promise<readonly (PastState | null)[]> {
    const { past, family, ids, isScoped } = await this.prepare(entity, keys, point, options);
    const known = new Set(ids.filter((id) => id !== null));
    const traced = await past.trace(family, known);
    const missing = isScoped ? [] : [...known].filter((id) => !traced.has(id));
    const unrecorded = missing.length > 0 ? await unrecordedRows(past.instance, family, missing) : [];
    const states = new Map([...traced, ...past.unrecorded(family, unrecorded)]);
    await new StatePopulation(past).populate(
      [...states.values()],
      family,
      populateTree(options.populate ?? []),
    );
    return ids.map((id) => (id === null ? null : (states.get(id) ?? null)));
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
  async blame<Entity extends object, Details extends boolean>(
    entity: EntityName<Entity>,
    key: EntityKey,
    { details, ...scope }: ScopeOptions & DetailsOption<Details>,
  ): Promise<readonly Blame<Entity, RevisionOf<Details>>[] | null> {
    const found = await this.one(entity, key, null, scope);
    return found && blameOf(found.state, found.instance.store, (details ?? false) as Details);
  }

  /** The beginning of every look at entities by their keys. */
  private async prepare(
    entity: EntityName,
    keys: readonly EntityKey[],
    point: PointInTime | null,
    options: ScopeOptions,
  ) {
    const { instance, family } = this.catalog.of(entity, options);
    const scope = resolveScope(this.catalog, instance, options);
    const ids = entityIdsOf(keys, instance, family);
    const moment = point && (await momentOf(point, instance.store));
    return { past: new PastStates(instance, moment, scope), family, ids, isScoped: scope !== null };
  }

  /** @throws NotAuditedError, InvalidQueryError */
  async many(
    entity: EntityName,
    where: Readonly<Record<string, unknown>>,
    point: PointInTime,
    { populate = [], ...options }: PageOptions & StateOptions & ScopeOptions,
  ): Promise<Page<PastState>> {
    const { instance, family } = this.catalog.of(entity, options);
    const filter = resolveStateFilter(instance, family, where);
    const scope = resolveScope(this.catalog, instance, options);
    const moment = await momentOf(point, instance.store);
    const identity = {
      kind: 'states',
      types: storedTypes(family),
      filter: filter.identity,
      moment: { ...moment },
      scope: JSON.parse(JSON.stringify(scope)) as JsonValue,
    };
    const request = new PageRequest(identity, options);
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
    return found;
  }
}
