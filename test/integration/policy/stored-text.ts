import type { AuditedApp } from '../../support/audited-app.js';

/** Everything that the trail holds, as one text. */
export async function trailText({ orm }: Pick<AuditedApp, 'orm'>): Promise<string> {
  const [row]: { text: string }[] = await orm.em
    .getConnection()
    .execute(`select coalesce(string_agg(c::text, E'\\n'), '') as text from audit_change c`);
  return row?.text ?? '';
}
