import { isDeepStrictEqual } from 'node:util';
import type { JsonValue } from '../../model/json.js';

/** Name of an owning to-one relation, and the key it has. */
export type Pointer = readonly [string, unknown];

export const NO_POINTERS: readonly Pointer[] = [];

/** Unmasked JSON of a value that was sent, and of what the database stored instead. */
export interface StoredAs {
  readonly sent: JsonValue;
  readonly stored: JsonValue;
}

/** Everything known of one entity and its snapshots. Nothing is kept about snapshots that MikroORM has replaced. */
export class EntityKnowledge {
  /** The snapshot as it came into being with the entity, before a merge may have replaced it. */
  initial: object | undefined;
  /** The first snapshot, if the entity began as a reference; a load fills it in, a merge replaces it. */
  reference: object | undefined;
  /** The snapshot of which something else than the unit of work has changed the row. */
  wrong: object | undefined;
  /** This process has created the row: what the snapshot lacks is null in the database, not unknown. */
  isCreated = false;
  /** Values that the database stored otherwise than they were sent, by property name; a snapshot has the sent ones. */
  storedAs: Map<string, StoredAs> | undefined;
  private latest: object | undefined;
  private moment = 0;
  private transaction: object | null = null;
  /** The values of the trusted snapshot for relations that have another side. */
  private pointers: readonly Pointer[] = NO_POINTERS;

  /** @param since when the entity was first met, counted in changes that were found */
  constructor(readonly since: number) {}

  /** The latest snapshot that was right. */
  get trusted(): object | undefined {
    return this.latest;
  }

  /** When it was right, counted in changes that were found. */
  get seenAt(): number {
    return this.moment;
  }

  /** The transaction in which it was right; null where it was none. */
  get seenIn(): object | null {
    return this.transaction;
  }

  trust(snapshot: object, seenIn: object | null, seenAt: number, pointers: readonly Pointer[]): void {
    this.latest = snapshot;
    this.moment = seenAt;
    this.transaction = seenIn;
    this.pointers = pointers;
    this.initial = this.initial === snapshot ? snapshot : undefined;
    this.wrong = this.wrong === snapshot ? snapshot : undefined;
  }

  /** False also when merging the other side of a relation has put its claim into a snapshot that was right. */
  wasRight(snapshot: object): boolean {
    return (
      snapshot === this.latest &&
      snapshot !== this.wrong &&
      this.pointers.every(([name, value]) =>
        isDeepStrictEqual((snapshot as Record<string, unknown>)[name], value),
      )
    );
  }
}
