import { type ChangeSet, ChangeSetType, type EntityMetadata, type UnitOfWork } from '@mikro-orm/core';
import type { EntityValues } from './entity-facts.js';

export type AnyChangeSet = ChangeSet<object>;

export function isDelete({ type }: AnyChangeSet): boolean {
  return type === ChangeSetType.DELETE || type === ChangeSetType.DELETE_EARLY;
}

/** Whether the delete makes room for a row that the same flush inserts: it runs first, other deletes run last. */
export function isEarlyDelete({ type }: AnyChangeSet): boolean {
  return type === ChangeSetType.DELETE_EARLY;
}

export function isCreate({ type }: AnyChangeSet): boolean {
  return type === ChangeSetType.CREATE;
}

/** The values to be written; joined-table inheritance spreads them over one change set per table. */
export function payloadOf({ payload, tptChangeSets: parents }: AnyChangeSet): EntityValues {
  return parents === undefined || parents.length === 0
    ? (payload as EntityValues)
    : Object.assign({}, ...parents.map((parent) => parent.payload), payload);
}

/** Whether the statement of an insert or update was sent. MikroORM does not say so of deletes. */
export function wasExecuted({ persisted, tptChangeSets }: AnyChangeSet): boolean {
  return persisted === true || (tptChangeSets ?? []).some((parent) => parent.persisted === true);
}

/** Whether values have something of the key. */
export function hasKeyPart(values: EntityValues, { primaryKeys }: EntityMetadata): boolean {
  for (const name of primaryKeys) {
    if (name in values) {
      return true;
    }
  }
  return false;
}

/** Whether values have all of the key. */
export function hasWholeKey(values: EntityValues, { primaryKeys }: EntityMetadata): boolean {
  for (const name of primaryKeys) {
    if (values[name] === undefined) {
      return false;
    }
  }
  return true;
}

/** The parts of the key that are among some values. */
export function keyPartsIn(values: EntityValues, { primaryKeys }: EntityMetadata): EntityValues {
  const key: Record<string, unknown> = {};
  for (const name of primaryKeys) {
    if (values[name] !== undefined) {
      key[name] = values[name];
    }
  }
  return key;
}

const NO_NAMES: readonly string[] = [];

/**
 * The change sets of one flush. MikroORM postpones unique and one-to-one columns to extra updates, and does not list a
 * change set of which nothing else is left.
 */
export class FlushChangeSets {
  private readonly hidden = new Set<AnyChangeSet>();
  private readonly postponed = new Map<AnyChangeSet, readonly string[]>();
  private readonly repeated = new Set<object>();

  /** @param seen extra updates of flushes that are over; MikroORM keeps them while further flushes are queued */
  constructor(
    private readonly unitOfWork: UnitOfWork,
    seen: WeakSet<object>,
  ) {
    if (unitOfWork.getExtraUpdates().size > 0) {
      this.notePostponed(seen);
    }
  }

  /** As they are now: other subscribers may add to them until the statements run. */
  all(): readonly AnyChangeSet[] {
    const listed = this.unitOfWork.getChangeSets() as AnyChangeSet[];
    return this.hidden.size === 0 ? listed : [...new Set([...listed, ...this.hidden])];
  }

  /** Whether a change set is executed as an extra update only, which does not mark it as executed. */
  isHidden(changeSet: AnyChangeSet): boolean {
    return this.hidden.has(changeSet);
  }

  /** Names of properties that the change set gets back after its extra update. */
  postponedNames(changeSet: AnyChangeSet): readonly string[] {
    return this.postponed.get(changeSet) ?? NO_NAMES;
  }

  /** Whether MikroORM carries out an extra update of an earlier flush again, which takes back what was set meanwhile. */
  isRepeated(entity: object): boolean {
    return this.repeated.has(entity);
  }

  private notePostponed(seen: WeakSet<object>): void {
    const listed = new Set(this.unitOfWork.getChangeSets() as AnyChangeSet[]);
    for (const extra of this.unitOfWork.getExtraUpdates()) {
      const [entity, names, , changeSet] = extra;
      // References between new rows are postponed only while a flush inserts them.
      if (seen.has(extra) || (changeSet && wasExecuted(changeSet))) {
        this.repeated.add(entity);
      } else if (changeSet) {
        seen.add(extra);
        this.postponed.set(changeSet, [...this.postponedNames(changeSet), names].flat());
        if (!listed.has(changeSet)) {
          this.hidden.add(changeSet);
        }
      }
    }
  }
}
