import type { Catalog, CatalogTrigger } from './catalog.js';
import type { NewFinding } from './new-finding.js';

/** Triggers of `auditTriggers()`, of whatever version; those of `truncate` have no digest. */
const OURS = /^audit_(?:link_)?(?:insert|update|delete|collect|careful)_[0-9a-f]{8}$/;
const OF_TRUNCATE = /^audit_(?:link_)?truncate$/;
const MIGRATE = 'Create a migration and run it: it has the triggers as they have to be.';
/** Migrations do not know the schemas of tenants. */
const UPDATE =
  'Call orm.schema.update({ schema }) with the schema of the tenant: it has the triggers as they have to be.';

/** Whether a trigger is none of this library. */
export function isOfOthers({ name }: CatalogTrigger): boolean {
  return !(OURS.test(name) || OF_TRUNCATE.test(name));
}

/** @param expected names of triggers by quoted table */
export async function triggerFindings(
  catalog: Catalog,
  expected: ReadonlyMap<string, readonly string[]>,
): Promise<readonly NewFinding[]> {
  const found: NewFinding[] = [];
  for (const [table, names] of await catalog.inEachTenant(expected)) {
    const present = await catalog.triggers(table);
    const remedy = expected.has(table) ? MIGRATE : UPDATE;
    for (const name of names) {
      const trigger = present.find((one) => one.name === name);
      if (!trigger) {
        const message = `Writes to ${table} past the unit of work leave no trace, or another one: the trigger is not there.`;
        found.push(['trigger-missing', 'error', name, message, remedy]);
      } else if (!trigger.isOn) {
        const message = `Writes to ${table} past the unit of work leave no trace: the trigger is switched off.`;
        found.push(['trigger-off', 'error', name, message, `alter table ${table} enable trigger ${name}`]);
      }
    }
    for (const { name } of present.filter((one) => OURS.test(one.name) && !names.includes(one.name))) {
      const message = `The trigger of ${table} is of an earlier entity or policy: what it records is doubled, or wrong.`;
      found.push(['trigger-outdated', 'error', name, message, remedy]);
    }
  }
  return found;
}
