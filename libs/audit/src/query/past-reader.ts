import type { EntityName } from '@mikro-orm/core';
import type { Blame } from '../model/blame.js';
import type { EntityKey, FieldChange } from '../model/change.js';
import type { Page, PageOptions } from '../model/page.js';
import type { RevisionOf } from '../model/revision.js';
import type { EntityState, RelationPath, StateFilter, StateOptions } from './state/entity-state.js';
import { plainState } from './state/state-shape.js';
import { TimeMachine } from './state/time-machine.js';
import type { AuditCatalog } from './terms/audit-catalog.js';
import type { DetailsOption } from './terms/change-query.js';
import type { KeyList } from './terms/key-list.js';
import type { PointInTime, TimeSpan } from './terms/point-in-time.js';
import type { ScopeOptions } from './terms/trail-scope.js';

/** The part of `AuditReader` that looks back: what entities were like, what differs, and who set it. */
export abstract class PastReader {
  private readonly past: TimeMachine;

  constructor(catalog: AuditCatalog) {
    this.past = new TimeMachine(catalog);
  }

  /**
   * The entity as it was at a point in time, rebuilt from its changes, those under earlier keys included. Values that they do
   * not tell are left out, and named by `gapsOf`.
   * @returns null when it did not exist then: not yet, not any more, or not under this key any more
   * @throws NotAuditedError when the class, or that of a relation to look up, is not audited
   * @throws HistoryUnavailableError when it is there, and nothing at all is recorded of it
   * @throws InvalidQueryError for an invalid date, a revision that does not exist, or an unknown relation
   */
  async asOf<Entity extends object, Populated extends RelationPath<Entity> = never>(
    entity: EntityName<Entity>,
    id: EntityKey,
    at: PointInTime,
    options: StateOptions<Populated> & ScopeOptions = {},
  ): Promise<EntityState<Entity, Populated> | null> {
    const found = await this.past.one(entity, id, at, options);
    return found && (plainState(found.state) as EntityState<Entity, Populated>);
  }

  /**
   * The states of several entities at a point in time, in the order of their keys, with as many queries as the state of one;
   * null in the place of one that did not exist then. Of one that is there and that nothing is recorded of there is the key,
   * and `gapsOf` names the rest.
   * @throws NotAuditedError, InvalidQueryError as `asOf` does
   */
  async eachAsOf<Entity extends object, Populated extends RelationPath<Entity> = never>(
    entity: EntityName<Entity>,
    ids: KeyList<Entity>,
    at: PointInTime,
    options: StateOptions<Populated> & ScopeOptions = {},
  ): Promise<readonly (EntityState<Entity, Populated> | null)[]> {
    const states = await this.past.each(entity, ids, at, options);
    return states.map((state) => state && (plainState(state) as EntityState<Entity, Populated>));
  }

  /**
   * The entities that had some values at a point in time, in the order of their ids as texts. Entities of which no change is
   * recorded are not found.
   * @param where property paths with the value that each must have had; null is a value, and `{}` finds all
   * @throws NotAuditedError, InvalidQueryError as `asOf` does, and for an invalid limit or cursor
   */
  async findAsOf<Entity extends object, Populated extends RelationPath<Entity> = never>(
    entity: EntityName<Entity>,
    where: StateFilter<Entity>,
    at: PointInTime,
    options: StateOptions<Populated> & PageOptions & ScopeOptions = {},
  ): Promise<Page<EntityState<Entity, Populated>>> {
    const page = await this.past.many(entity, where, at, options);
    return { ...page, items: page.items.map((state) => plainState(state) as EntityState<Entity, Populated>) };
  }

  /**
   * The difference between two points in time, in whatever order: `before` is the value at `from`, `after` the one at
   * `to`. JSON and embeddables are compared member by member, relations as keys.
   * @returns all properties with `before` or `after` undefined when the entity did not exist at one of them; nothing when
   *   it existed at neither
   * @throws NotAuditedError, HistoryUnavailableError, InvalidQueryError as `asOf` does
   */
  diff<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    { from, to }: TimeSpan,
    options: ScopeOptions = {},
  ): Promise<readonly FieldChange<Entity>[]> {
    return this.past.difference(entity, id, [from, to], options);
  }

  /**
   * For each property of the present state, who set it last, when and why.
   * @returns null when the entity does not exist now
   * @throws NotAuditedError when the class is not audited
   * @throws HistoryUnavailableError when it is there, and nothing at all is recorded of it
   */
  blame<Entity extends object, Details extends boolean = false>(
    entity: EntityName<Entity>,
    id: EntityKey,
    options: ScopeOptions & DetailsOption<Details> = {},
  ): Promise<readonly Blame<Entity, RevisionOf<Details>>[] | null> {
    return this.past.blame(entity, id, options);
  }
}
