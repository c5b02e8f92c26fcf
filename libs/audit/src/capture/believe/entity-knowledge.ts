import { isDeepStrictEqual } from 'node:util';
import type { JsonValue } from '../../model/json.js';

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
  /** The values of the trusted snapshot. MikroORM writes into it whatever `em.create()` claims of a row that is loaded. */
  private values: Readonly<Record<string, unknown>> = {};

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

  trust(snapshot: object, seenIn: object | null, seenAt: number): void {
    this.latest = snapshot;
    this.moment = seenAt;
    this.transaction = seenIn;
    this.values = { ...snapshot };
    this.initial = this.initial === snapshot ? snapshot : undefined;
    this.wrong = this.wrong === snapshot ? snapshot : undefined;
  }

  /** False also when somebody has put a claim into a snapshot that was right, or MikroORM what it has loaded later. */
  wasRight(snapshot: object): boolean {
    return (
      snapshot === this.latest &&
      snapshot !== this.wrong &&
      Object.entries(this.values).every(([name, value]) => {
        const now = (snapshot as Record<string, unknown>)[name];
        // Most values are the same ones, of which nothing is to be compared.
        return now === value || isDeepStrictEqual(now, value);
      })
    );
  }

  /** Whether the trusted snapshot had a value when it was right. */
  hadValue(name: string): boolean {
    return Object.hasOwn(this.values, name);
  }
}
