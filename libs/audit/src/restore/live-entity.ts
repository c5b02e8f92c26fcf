import type { JsonValue } from '../model/json.js';

/** What one entity is like now, in the database. */
export interface LiveEntity {
  /** Unmasked JSON by path, without relations that have no column. */
  readonly values: ReadonlyMap<string, JsonValue>;
  /** Ids of its links by relation, in their order where it is data. */
  readonly links: ReadonlyMap<string, readonly string[]>;
}
