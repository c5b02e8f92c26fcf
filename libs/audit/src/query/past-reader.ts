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
import { isKey } from './terms/entity-id.js';
import { isKeyList, type KeyList } from './terms/key-list.js';
import type { PointInTime } from './terms/point-in-time.js';
import type { ScopeOptions } from './terms/trail-scope.js';

/** The part of `AuditReader` that looks back: what entities were like, what differs, and who set it. */
export abstract class PastReader {
  private readonly past: TimeMachine;

  constructor(private readonly told: AuditCatalog) {
    this.past = new TimeMachine(told);
  }

  /**
   * The states of several entities at a time or after a revision, in the order of their keys, with as many queries as the
   * state of one; null in the place of what did not exist then. Of one that is there and that nothing is recorded of there is
   * the key, and `gapsOf` names the rest.
   * @throws NotAuditedError, InvalidQueryError as below
   */
  asOf<Entity extends object, Populated extends RelationPath<Entity> = never>(
    entity: EntityName<Entity>,
    ids: KeyList<Entity>,
    at: PointInTime,
    options?: StateOptions<Populated> & ScopeOptions,
  ): Promise<readonly (EntityState<Entity, Populated> | null)[]>;
  /**
   * What an entity was like at a time or after a revision, rebuilt from its changes, those under earlier keys included.
   * Whatever they do not tell is left out, and named by `gapsOf`.
   * @returns null when it did not exist then: not yet, not any more, or not under this key any more
   * @throws NotAuditedError when the class, or that of a relation to look up, is not audited
   * @throws HistoryUnavailableError when it is there, and nothing at all is recorded of it
   * @throws InvalidQueryError for an invalid date, a revision that does not exist, or an unknown relation
   */
  asOf<Entity extends object, Populated extends RelationPath<Entity> = never>(
    entity: EntityName<Entity>,
    id: EntityKey,
    at: PointInTime,
    options?: StateOptions<Populated> & ScopeOptions,
  ): Promise<EntityState<Entity, Populated> | null>;
  /**
   * The entities that had some values at a time or after a revision, in the order of their ids as texts. Entities that no
   * change is recorded of are not found.
   * @param where property paths with the value that each must have had; null is a value, and nothing finds all
   * @throws NotAuditedError, InvalidQueryError as above, and for a limit or cursor that cannot be
   */
  asOf<Entity extends object, Populated extends RelationPath<Entity> = never>(
    entity: EntityName<Entity>,
    where: StateFilter<Entity>,
    at: PointInTime,
    options?: StateOptions<Populated> & PageOptions & ScopeOptions,
  ): Promise<Page<EntityState<Entity, Populated>>>;
  async asOf(
    entity: EntityName,
    target: EntityKey | readonly EntityKey[] | Readonly<Record<string, unknown>>,
    at: PointInTime,
    options: StateOptions & PageOptions & ScopeOptions = {},
  ): Promise<object | null> {
    if (isKeyList(target, this.told.of(entity, options).family)) {
      const states = await this.past.each(entity, target, at, options);
      return states.map((state) => state && plainState(state));
    }
    if (isKey(target)) {
      const found = await this.past.one(entity, target, at, options);
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
  diff<Entity extends object>(
    entity: EntityName<Entity>,
    id: EntityKey,
    first: PointInTime,
    second: PointInTime,
    options: ScopeOptions = {},
  ): Promise<readonly FieldChange<Entity>[]> {
    return this.past.difference(entity, id, [first, second], options);
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
