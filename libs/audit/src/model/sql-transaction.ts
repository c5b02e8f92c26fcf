/** The transaction that MikroORM hands to its listeners (a Kysely transaction), as far as the library needs it. */
export interface SqlTransaction {
  executeQuery(query: unknown): Promise<SqlResult>;
}

export interface SqlResult {
  readonly rows: readonly unknown[];
  /** Of an insert, update or delete: the rows that it has written. */
  readonly numAffectedRows?: bigint;
}
