import { isDate } from 'node:util/types';
import type { EntityName } from '@mikro-orm/core';
import { Inject, Injectable } from '@nestjs/common';
import type { Blame } from '../model/blame.js';
import type { Change, FieldChange, FieldPath, RevisionWithChanges } from '../model/change.js';
import type { Page, PageOptions } from '../model/page.js';
import type { RestorePlan } from '../model/restore-plan.js';
import type { Revision, RevisionSummary } from '../model/revision.js';
import { AuditCatalog } from './audit-catalog.js';
import { decodeChange, storedTypes } from './change-decoder.js';
import type { AnyConditions } from './change-filter-resolver.js';
import type { ChangesQuery, EntityChangesQuery, OrderOptions } from './change-query.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { type EntityKey, entityIdOf } from './entity-id.js';
import type { EntityState, RelationPath, StateFilter, StateOptions } from './entity-state.js';
import { checkedLimit } from './page-request.js';
import { assertRevisionId, type PointInTime } from './point-in-time.js';
import type { AcceptOptions, RestoreOptions, UndeleteOptions } from './restore-options.js';
import { RestorePlanner } from './restore-planner.js';
import { stateDifference } from './state-difference.js';
import { decodedValues, plainState } from './state-shape.js';
import { TimeMachine } from './time-machine.js';
import { TrailFinder } from './trail-finder.js';

/** Reads the trail. Everything it returns is plain data; nothing of it is managed by an EntityManager. */
@Injectable()
export class AuditReader {
  private readonly finder: TrailFinder;
  private readonly past: TimeMachine;

  constructor(
    @Inject(AuditCatalog) private readonly catalog: AuditCatalog,
    @Inject(RestorePlanner) private readonly restores: RestorePlanner,
  ) {
    this.finder = new TrailFinder(catalog);
    this.past = new TimeMachine(catalog);
  }

  /**
   * The changes of one entity, newest first. Changes of subclasses count as the class's own. An id without changes
   * gives an empty page.
   * @throws NotAuditedError when the class is not audited
   * @throws InvalidQueryError for a limit outside 1 to 500, or a cursor that is none
   */
  async history<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    { limit: wanted, cursor = null }: PageOptions = {},
  ): Promise<Page<Change<Entity>>> {
    const limit = checkedLimit(wanted);
    const { instance, family } = this.catalog.of(entity);
    const beforeId = cursor === null ? null : decodeCursor(cursor);
    const entityId = entityIdOf(id, family[0] && instance.codecs.find(family[0].meta));
    if (entityId === null) {
      return { items: [], nextCursor: null };
    }
    const entityTypes = storedTypes(family);
    const rows = await instance.store.history({ entityTypes, entityId, beforeId, limit: limit + 1 });
    const items = rows.slice(0, limit).map(({ change, revision }) => ({
      ...decodeChange<Entity>(instance, change),
      revision: revision satisfies Revision,
    }));
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, nextCursor: last ? encodeCursor(last.id) : null };
  }

  /**
   * Changes that have everything that the query gives, newest first unless it says otherwise.
   * @throws NotAuditedError when a class is not audited
   * @throws InvalidQueryError for a property that the trail does not hold, a comparison that it does not allow, a text
   *   without bounds, or a cursor that is none or of another query
   */
  changes<Entity extends object>(query: EntityChangesQuery<Entity>): Promise<Page<Change<Entity>>>;
  changes(query?: ChangesQuery): Promise<Page<Change>>;
  changes(query: object = {}): Promise<Page<Change>> {
    return this.finder.changes(query as AnyConditions & OrderOptions);
  }

  /**
   * Revisions with a change that has everything that the query gives, newest first unless it says otherwise.
   * @throws NotAuditedError, InvalidQueryError as `changes` does
   */
  revisions<Entity extends object>(query: EntityChangesQuery<Entity>): Promise<Page<RevisionSummary>>;
  revisions(query?: ChangesQuery): Promise<Page<RevisionSummary>>;
  revisions(query: object = {}): Promise<Page<RevisionSummary>> {
    return this.finder.revisions(query as AnyConditions & OrderOptions);
  }

  /**
   * Everything that happened together, with who and why. With several MikroORM instances, that of the first one that
   * has the id.
   * @returns null when there is no such revision
   * @throws InvalidQueryError when the id is no revision id
   */
  async revision(id: string): Promise<RevisionWithChanges | null> {
    assertRevisionId(id);
    for (const instance of this.catalog.all()) {
      const found = await instance.store.revision(id);
      if (found) {
        return { ...found.revision, changes: found.changes.map((change) => decodeChange(instance, change)) };
      }
    }
    return null;
  }

  /**
   * What an entity was like at a time or after a revision, rebuilt from its changes.
   * @returns null when it did not exist then: not yet, not any more, or under another key
   * @throws NotAuditedError when the class, or that of a relation to look up, is not audited
   * @throws HistoryUnavailableError when the trail does not begin with its creation and so cannot tell
   * @throws InvalidQueryError for an invalid date, a revision that does not exist, or an unknown relation
   */
  asOf<Entity extends object, Populated extends RelationPath<Entity> = never>(
    entity: EntityName<Entity>,
    id: EntityKey,
    at: PointInTime,
    options?: StateOptions<Populated>,
  ): Promise<EntityState<Entity, Populated> | null>;
  /**
   * The entities that had some values at a time or after a revision, in the order of their ids as texts. Entities that no
   * change is recorded of are not found.
   * @param where property paths with the value that each must have had; null is a value, and nothing finds all
   * @throws NotAuditedError, HistoryUnavailableError, InvalidQueryError as above, and for a limit or cursor that cannot be
   */
  asOf<Entity extends object, Populated extends RelationPath<Entity> = never>(
    entity: EntityName<Entity>,
    where: StateFilter<Entity>,
    at: PointInTime,
    options?: StateOptions<Populated> & PageOptions,
  ): Promise<Page<EntityState<Entity, Populated>>>;
  async asOf(
    entity: EntityName,
    target: EntityKey | Readonly<Record<string, unknown>>,
    at: PointInTime,
    options: StateOptions & PageOptions = {},
  ): Promise<object | null> {
    if (isKey(target)) {
      const found = await this.past.one(entity, target, at, options.populate);
      return found && plainState(found.state);
    }
    const page = await this.past.many(entity, target, at, options);
    return { ...page, items: page.items.map(plainState) };
  }

  /**
   * What differs between two points in time, in whatever order: `before` is the value at the first, `after` at the
   * second. JSON and embeddables are compared member by member, relations as keys.
   * @returns all properties with `before` or `after` undefined when the entity did not exist at one of them; nothing when
   *   it existed at neither
   * @throws NotAuditedError, HistoryUnavailableError, InvalidQueryError as `asOf` does
   */
  async diff<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    first: PointInTime,
    second: PointInTime,
  ): Promise<readonly FieldChange<Entity>[]> {
    const before = await this.past.one(entity, id, first);
    const after = await this.past.one(entity, id, second);
    return stateDifference(before?.state ?? null, after?.state ?? null);
  }

  /**
   * For each property of the present state, who set it last, when and why.
   * @returns null when the entity does not exist now
   * @throws NotAuditedError when the class is not audited
   * @throws HistoryUnavailableError when the trail does not begin with its creation and so does not know the state
   */
  async blame<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
  ): Promise<readonly Blame<Entity>[] | null> {
    const found = await this.past.one(entity, id, null);
    if (!found) {
      return null;
    }
    const { state, instance } = found;
    const values = [...decodedValues(state)].map(([path, value]) => {
      // A relation that never had links has been without them since the creation.
      return { path, value, change: state.changeOf(path) ?? state.created };
    });
    const revisions = await instance.store.search.revisionsOf(
      values.flatMap(({ change }) => change?.revisionId ?? []),
    );
    return values.map(({ path, value, change }) => ({
      path: path as FieldPath<Entity>,
      value,
      changeId: change?.id ?? null,
      operation: change?.operation ?? null,
      revision: (change && revisions.get(change.revisionId)) ?? null,
    }));
  }

  /**
   * What restoring an entity to an earlier state would change, and what is in the way. Where it did not exist then, the
   * plan is to delete it. Nothing is changed: pass the plan to `AuditRestorer.apply`.
   * @throws NotAuditedError, HistoryUnavailableError, InvalidQueryError as `asOf` does, and for `properties` that the
   *   trail does not hold
   */
  planRestore<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    options: RestoreOptions<Entity>,
  ): Promise<RestorePlan> {
    return this.restores.planRestore(entity, id, options);
  }

  /**
   * What creating a deleted entity anew, as it was before its last delete, would change, and what is in the way.
   * @throws NotAuditedError, HistoryUnavailableError as `asOf` does
   * @throws InvalidQueryError when the newest change of the entity is no delete
   */
  planUndelete<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    options: UndeleteOptions = {},
  ): Promise<RestorePlan> {
    return this.restores.planUndelete(entity, id, options);
  }

  /**
   * What undoing everything that a revision did would change, and what is in the way: deletes what it created, creates
   * what it deleted, sets back what it changed, links included.
   * @throws InvalidQueryError when there is no such revision
   */
  planRestoreRevision(revisionId: string, options: AcceptOptions = {}): Promise<RestorePlan> {
    return this.restores.planRestoreRevision(revisionId, options);
  }
}

function isKey(target: EntityKey | Readonly<Record<string, unknown>>): target is EntityKey {
  return typeof target !== 'object' || Array.isArray(target) || isDate(target);
}
