import type { JsonObject } from 'nestjs-mikro-audit';
import type { AuditedApp } from '../../support/audited-app.js';

/** A change as it is stored: operation, before, after. */
export type StoredChange = [operation: string, before: JsonObject | null, after: JsonObject | null];

/** All changes of the trail, in the order of writing; with a name only those of that entity type. */
export async function changesOf(
  { orm }: Pick<AuditedApp, 'orm'>,
  entityType: string | null = null,
): Promise<StoredChange[]> {
  const rows: { operation: string; before: JsonObject | null; after: JsonObject | null }[] = await orm.em
    .getConnection()
    .execute(
      'select operation, before, after from audit_change where entity_type = coalesce(?, entity_type) order by id',
      [entityType],
    );
  return rows.map(({ operation, before, after }) => [operation, before, after]);
}
