import type { AuditedApp } from '../../support/audited-app.js';

/** Everything that both audit tables hold, as one text. */
export async function trailText({ orm }: Pick<AuditedApp, 'orm'>): Promise<string> {
  const [row]: { text: string }[] = await orm.em.getConnection().execute(
    `select (select coalesce(string_agg(r::text, E'\\n'), '') from audit_revision r)
      || (select coalesce(string_agg(c::text, E'\\n'), '') from audit_change c) as text`,
  );
  return row?.text ?? '';
}
