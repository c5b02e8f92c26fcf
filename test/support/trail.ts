import type { AuditedApp } from './audited-app.js';

/** All changes of the trail in the order of writing: entity type, entity id, operation. */
export async function trailOf({ orm }: Pick<AuditedApp, 'orm'>): Promise<[string, string, string][]> {
  const rows: { entity_type: string; entity_id: string; operation: string }[] = await orm.em
    .getConnection()
    .execute('select entity_type, entity_id, operation from audit_change order by id');
  return rows.map((row) => [row.entity_type, row.entity_id, row.operation]);
}

/** The number of revisions in the trail. */
export async function revisionCount({ orm }: Pick<AuditedApp, 'orm'>): Promise<number> {
  const [row]: { count: string }[] = await orm.em
    .getConnection()
    .execute('select count(*) from audit_revision');
  return Number(row?.count);
}
