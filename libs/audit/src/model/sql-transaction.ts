/** The transaction that MikroORM hands to its listeners (a Kysely transaction), as far as the library needs it. */
export interface SqlTransaction {
  executeQuery(query: unknown, options?: StatementAbort): Promise<SqlResult>;
}

/** When a statement is given up, and whether the server stops working on it too. */
export interface StatementAbort {
  readonly signal?: AbortSignal | undefined;
  readonly inflightQueryAbortStrategy?: 'ignore query' | 'cancel query' | 'kill session' | undefined;
}

export interface SqlResult {
  readonly rows: readonly unknown[];
  /** Of an insert, update or delete: the rows that it has written. */
  readonly numAffectedRows?: bigint;
}
