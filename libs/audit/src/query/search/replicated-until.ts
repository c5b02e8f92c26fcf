import type { AuditCatalog } from '../terms/audit-catalog.js';

/** Of several MikroORM instances the earliest; null where none is read from a replica. */
export async function replicatedUntil(catalog: AuditCatalog): Promise<Date | null> {
  const times = await Promise.all(catalog.all().map(({ store }) => store.search.replicatedUntil()));
  const [earliest = null] = times
    .filter((time) => time !== null)
    .toSorted((one, other) => one.getTime() - other.getTime());
  return earliest;
}
