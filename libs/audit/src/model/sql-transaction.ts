/** The transaction that MikroORM hands to its listeners (a Kysely transaction), as far as statements need it. */
export interface SqlTransaction {
  executeQuery(query: unknown): Promise<{ readonly rows: readonly unknown[] }>;
}
