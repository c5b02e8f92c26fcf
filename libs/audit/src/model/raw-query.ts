/** As much of the `CompiledQuery` of Kysely as its drivers and plugins read. */
export interface RawQuery {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly query: {
    readonly kind: 'RawNode';
    readonly sqlFragments: readonly string[];
    readonly parameters: readonly [];
  };
  readonly queryId: { readonly queryId: string };
}

/**
 * A statement for Kysely, in the form that it publishes. Kysely belongs to MikroORM, an app has none beside it, so none is loaded.
 * @param statement a text, or what the connection makes one of
 */
export function rawQuery(statement: unknown, parameters: readonly unknown[] = []): RawQuery {
  const sql = statement as string;
  return {
    sql,
    parameters,
    query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] },
    // Plugins tell queries apart by the object, not by the text in it.
    queryId: { queryId: 'nestjs-mikro-audit' },
  };
}
