import { quoted } from '../../model/sql-names.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';

/**
 * A query with a row where the row of a key is there.
 * @param key by property name, as texts
 * @param home the schema of classes that have none
 */
export function rowExistsSql(
  { meta, schema, properties }: EntityPolicy,
  key: Readonly<Record<string, unknown>>,
  home: string,
): { readonly sql: string; readonly parameters: readonly unknown[] } {
  const columns = Object.entries(key).flatMap(([name, texts]) => {
    const fields = properties.get(name)?.prop.fieldNames ?? [name];
    return fields.map((field, index) => [field, [texts].flat()[index]] as const);
  });
  const conditions = columns.map(([field], index) => `${quoted(field)} = $${index + 1}`);
  const table = `${quoted(schema ?? meta.root.schema ?? home)}.${quoted(meta.root.tableName)}`;
  return {
    sql: `select true from ${table} where ${conditions.join(' and ')}`,
    parameters: columns.map(([, text]) => text),
  };
}
