/** The transaction that MikroORM hands to its listeners (a Kysely transaction), as far as the library needs it. */
export interface SqlTransaction {
  executeQuery(query: unknown): Promise<{ readonly rows: readonly unknown[] }>;
}
