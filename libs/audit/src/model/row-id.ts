const GREATEST = 9_223_372_036_854_775_807n;

/** Whether a text can be the id of a revision or of a change: a decimal number that fits into a bigint of PostgreSQL. */
export function isRowId(text: string): boolean {
  return /^\d{1,19}$/.test(text) && BigInt(text) <= GREATEST;
}
