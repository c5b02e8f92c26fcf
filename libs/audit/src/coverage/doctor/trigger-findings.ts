import { quoted } from '../../model/sql-names.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { ANY_SCHEMA, tableInNotes } from '../../serialize/text/statement-note.js';
import { TENANT } from '../../triggers/recorded-table.js';
import type { RecordingTriggers } from '../tables/covered-instance.js';
import { bodyDigest, type Catalog, type CatalogTrigger } from './catalog.js';
import type { NewFinding } from './new-finding.js';

const BROKEN = {
  'trigger-missing': 'is not there',
  'trigger-off': 'is switched off',
  'trigger-outdated': 'is not the one of this version',
} as const;

/** Triggers of `auditTriggers()`, of whatever version; those of `truncate` have no digest. */
const OURS = /^audit_(?:link_)?(?:insert|update|delete|collect|careful)_[0-9a-f]{8}$/;
const OF_TRUNCATE = /^audit_(?:link_)?truncate$/;
const MIGRATE = 'Create a migration and run it: it has the triggers as they have to be.';
/** Migrations do not know the schemas of tenants. */
const UPDATE =
  'Call orm.schema.update({ schema }) with the schema of the tenant: it has the triggers as they have to be.';

/** Nothing makes anew a trigger that is there under its name. */
const AGAIN =
  'Look who has. Run the statements again by which the migration, or the schema of the tenant, has made the trigger.';

/** Whether a trigger is none of this library. */
export function isOfOthers({ name }: CatalogTrigger): boolean {
  return !(OURS.test(name) || OF_TRUNCATE.test(name));
}

/**
 * @param expected names of triggers by quoted table
 * @param bodies of their functions, by name
 */
export async function triggerFindings(
  catalog: Catalog,
  expected: ReadonlyMap<string, readonly string[]>,
  bodies: ReadonlyMap<string, string> = new Map(),
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
      if (trigger && trigger.digest !== digestIn(table, bodies.get(name))) {
        const message = `Somebody has changed the function of the trigger of ${table}: what it records may not be what happened.`;
        found.push(['trigger-outdated', 'error', name, message, AGAIN]);
      }
    }
    for (const { name } of present.filter((one) => OURS.test(one.name) && !names.includes(one.name))) {
      const message = `The trigger of ${table} is of an earlier entity or policy: what it records is doubled, or wrong.`;
      found.push(['trigger-outdated', 'error', name, message, remedy]);
    }
  }
  return found;
}

/** In words, why triggers do not record all writes to rows of a class in a schema; null where they do. */
export async function brokenTriggers(
  catalog: Catalog,
  { names, bodies, classes }: RecordingTriggers,
  { meta, schema = '' }: Pick<EntityPolicy, 'meta' | 'schema'>,
): Promise<string | null> {
  const own = new Map(
    (classes.get(meta.class) ?? []).map((table) => [inSchema(table, schema), names.get(table) ?? []]),
  );
  const broken = (await triggerFindings(catalog, own, bodies)).map(
    ([code, , name]) => `the trigger ${name} ${BROKEN[code as keyof typeof BROKEN]}`,
  );
  const roles = await catalog.rolesWithoutTriggers();
  const reasons = [...broken, ...roles.map((role) => `triggers do not run for ${role}`)];
  return reasons.length > 0 ? reasons.join(', ') : null;
}

/** In place of a table of any schema that of one. */
function inSchema(table: string, schema: string): string {
  const prefix = tableInNotes(ANY_SCHEMA, '').slice(0, -2);
  return table.startsWith(prefix) ? `${quoted(schema)}.${table.slice(prefix.length)}` : table;
}

/** Names may have dots and quotes in them. */
const SCHEMA = /^(?:"((?:[^"]|"")*)"|([^".]+))\./;

function digestIn(table: string, body = ''): string {
  const [, quotedSchema, plain = ''] = SCHEMA.exec(table) ?? [];
  return bodyDigest(body.replaceAll(TENANT, quotedSchema?.replaceAll('""', '"') ?? plain));
}
