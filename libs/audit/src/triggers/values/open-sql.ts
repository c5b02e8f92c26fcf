import type { CarefulPlace } from './careful-sql.js';

/** A value of a property that is not masked yet, as SQL. */
export interface OpenSql {
  /** Where the value may be one that cannot be taken as it is, from itself on. */
  readonly places: readonly CarefulPlace[];
  /** As if it could always be taken as it is. Of type jsonb; null or null of JSON where there is no value. */
  json(alias: string): string;
  /** Whether there is no value; never null. */
  isNull(alias: string): string;
  /** Whether another row has another one; never null. */
  differs(before: string, after: string): string;
}
