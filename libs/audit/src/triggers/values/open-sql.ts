/** A value of a property that is not masked yet, as SQL. */
export interface OpenSql {
  /** Of type jsonb; null or null of JSON where there is no value. */
  json(alias: string): string;
  /** Whether there is no value; never null. */
  isNull(alias: string): string;
  /** Whether another row has another one; never null. */
  differs(before: string, after: string): string;
}
