import type { AuditedApp } from './audited-app.js';

/** All changes of the trail in the order of writing: entity type, entity id, operation. */
export async function trailOf({ orm }: Pick<AuditedApp, 'orm'>): Promise<[string, string, string][]> {
  const rows: { entity_type: string; entity_id: string; operation: string }[] = await orm.em
    .getConnection()
    .execute(
      'select entity_type, entity_id, operation from audit_change where entity_type is not null order by id',
    );
  return rows.map((row) => [row.entity_type, row.entity_id, row.operation]);
}

/** The revisions of the trail, as a table: the first row of each has its header. */
export const REVISIONS = '(select * from audit_change where revision_id is null)';

/** The changes of the trail, as a table in which each names its revision. */
export const CHANGES =
  '(select c.*, coalesce(c.revision_id, c.id) as of_revision from audit_change c where c.entity_type is not null)';

/** The names of the changes of the newest revision, with their ids. */
export async function newestChanges({ reader }: Pick<AuditedApp, 'reader'>): Promise<readonly string[]> {
  const [last] = (await reader.revisions({ limit: 1 })).items;
  const revision = await reader.revision(last?.id ?? '');
  return (revision?.changes ?? [])
    .map(({ operation, entityType, entityId }) => `${operation} ${entityType} ${entityId}`)
    .sort();
}

/** The number of revisions in the trail. */
export async function revisionCount({ orm }: Pick<AuditedApp, 'orm'>): Promise<number> {
  const [row]: { count: string }[] = await orm.em
    .getConnection()
    .execute(`select count(*) from ${REVISIONS} r`);
  return Number(row?.count);
}
