import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { columnText } from './affected-row.js';
import type { EntityValues } from './flush-subject.js';
import type { DirtyCollection } from './link-changes.js';

/** A create or update of the flush that makes a row point to another one. */
export interface PointingWrite {
  readonly entity: object;
  readonly codec: EntityCodec;
  /** Values before; null for a create. */
  readonly original: EntityValues | null;
  readonly reference: EntityProperty;
  /** What the database does to the row when the other one is deleted. */
  readonly effect: 'delete' | 'set null';
  readonly target: object;
  /** Values of the key columns, in database form; empty when the other row is new. */
  readonly targetKey: readonly unknown[];
  readonly schema: string | undefined;
  /** Replaced collection of the other row, which lets go of all but its members; absent for a foreign key rule. */
  readonly letGoBy?: DirtyCollection | undefined;
}

/** What may undo a write that makes a row point to another one. */
export type PointerRule = Pick<PointingWrite, 'reference' | 'effect' | 'letGoBy'>;

/**
 * Finds the writes of a flush that come to nothing, because the row they point to is deleted by the same flush, which
 * runs its deletes last, or replaces the collection of those that point to it.
 */
export class DoomedWrites {
  private pending: PointingWrite[] = [];
  private readonly deletedEntities = new Set<object>();
  /** By class, of rows whose names are not made yet: few flushes ask for them. */
  private unnamed: (readonly [EntityMetadata, readonly unknown[]])[] = [];
  private readonly deletedNames = new Set<string>();

  add(write: PointingWrite): void {
    this.pending.push(write);
  }

  /** @param entity undefined when only the row is known */
  noteDeleted(meta: EntityMetadata, key: readonly unknown[], entity?: object): void {
    this.unnamed.push([meta, key]);
    if (entity) {
      this.deletedEntities.add(entity);
    }
  }

  /** A new row that will be deleted, whose key is not known yet. */
  noteLost(entity: object): void {
    this.deletedEntities.add(entity);
  }

  /** The writes that are doomed by what was noted since the last call. */
  take(): readonly PointingWrite[] {
    const { true: doomed = [], false: others = [] } = Object.groupBy(this.pending, (write) =>
      String(this.isDoomed(write)),
    );
    this.pending = others;
    return doomed;
  }

  private isDoomed({ entity, reference, target, targetKey, letGoBy }: PointingWrite): boolean {
    if (letGoBy) {
      return target === letGoBy.owner && !letGoBy.items.includes(entity);
    }
    const { targetMeta } = reference;
    return (
      this.deletedEntities.has(target) ||
      (targetMeta !== undefined && this.deletedKeys().has(rowName(targetMeta, targetKey)))
    );
  }

  private deletedKeys(): ReadonlySet<string> {
    for (const [meta, key] of this.unnamed) {
      this.deletedNames.add(rowName(meta, key));
    }
    this.unnamed = [];
    return this.deletedNames;
  }
}

function rowName(meta: EntityMetadata, key: readonly unknown[]): string {
  return `${meta.root.className} ${columnText(key)}`;
}
