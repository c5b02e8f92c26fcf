import type { EntityMetadata, EntityProperty, MetadataStorage, Platform } from '@mikro-orm/core';
import { owningSide } from '../capture/orm/link-table.js';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import { literal } from '../model/sql-names.js';
import type { AuditModuleOptions } from '../options/audit-options.js';
import { resolveOptions } from '../options/resolve-options.js';
import { declaredPolicies } from '../policy/declared-policies.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import { SecretScan } from '../serialize/json/secret-scan.js';
import { DEFAULT_VALUE_LIMITS } from '../serialize/json/value-codec.js';
import type { CodecSettings } from '../serialize/property/property-codec.js';
import { AuditChange } from '../store/tables/audit-change.entity.js';
import { carefulTrigger } from './careful-trigger.js';
import type { EndingLinks } from './deleted-links.js';
import { entityChanges } from './entity-changes.js';
import { linkChanges, type RecordedLinks } from './link-changes.js';
import { quotedTable, type RecordedTable, type TriggerSettings, tableTriggers } from './table-triggers.js';
import { functionConstants } from './values/property-sql.js';

/** Options of `auditTriggers()`. The first three have to be those of `AuditModule.forRoot()`. */
export interface AuditTriggerOptions
  extends Pick<AuditModuleOptions, 'policies' | 'secrets' | 'maxValueBytes'> {
  /**
   * How `truncate` of an audited table is met: it fails, or leaves a delete of each row. Ordered links are never truncated.
   * @default 'refuse'
   */
  readonly truncate?: 'refuse' | 'record';
  /**
   * Roles of the database with which the app connects: only from them the triggers believe that the unit of work records a statement
   * itself. This keeps other programs from doing so by mistake; somebody who can run statements as the app can pretend anything.
   * @default all
   */
  readonly roles?: readonly string[];
}

/** What the triggers of one MikroORM configuration record. */
export interface TriggerPlan {
  /** Quoted names of tables of entities and links, with their schemas. */
  readonly tables: ReadonlySet<string>;
  readonly policies: readonly EntityPolicy[];
  /** Audited classes that they do not record, with the reason, in words. */
  readonly without: ReadonlyMap<EntityPolicy, string>;
  /** The names of the triggers, which tell everything that they depend on. */
  readonly names: readonly string[];
}

/** In bytes. */
const LONGEST_NAME = 63;

const LEGAL: readonly string[] = ['policies', 'secrets', 'maxValueBytes', 'truncate', 'roles'];

const planned = new WeakMap<
  MetadataStorage,
  { readonly plan: TriggerPlan; readonly options: AuditTriggerOptions }
>();

/**
 * Triggers that record every statement on an audited table that the unit of work does not record itself, whoever sends it: as
 * `discovery: { afterDiscovered: auditTriggers() }` of a MikroORM configuration with `driver: AuditPostgreSqlDriver`. They are part
 * of the metadata, so the migrations of the app create them, and change them with an entity or a policy.
 * @throws AuditConfigurationError for an option that does not exist or cannot be
 */
export function auditTriggers(
  options: AuditTriggerOptions = {},
): (metadata: MetadataStorage, platform: Platform) => void {
  assertOptions(options);
  return (metadata, platform) => {
    const { plan, triggers } = planTriggers(metadata, platform, options);
    for (const [meta, own] of triggers) {
      meta.triggers.push(...own);
    }
    planned.set(metadata, { plan, options });
  };
}

/**
 * The plan of `auditTriggers()`; null where the configuration has none.
 * @throws AuditConfigurationError where the options of the module would have made other triggers
 */
export function triggerPlanOf(
  metadata: MetadataStorage,
  platform: Platform,
  options: Pick<AuditTriggerOptions, 'policies' | 'secrets' | 'maxValueBytes'>,
): TriggerPlan | null {
  const known = planned.get(metadata);
  if (!known) {
    return null;
  }
  const { plan } = planTriggers(metadata, platform, { ...known.options, ...options });
  if (plan.names.join() !== known.plan.names.join()) {
    throw new AuditConfigurationError(
      'The triggers of auditTriggers() would record otherwise than AuditModule does: their options differ.',
      'Give both the same policies, secrets and maxValueBytes.',
    );
  }
  return known.plan;
}

function planTriggers(
  metadata: MetadataStorage,
  platform: Platform,
  { policies: given = [], secrets, maxValueBytes, truncate = 'refuse', roles }: AuditTriggerOptions,
): {
  readonly plan: TriggerPlan;
  readonly triggers: ReadonlyMap<EntityMetadata, EntityMetadata['triggers']>;
} {
  const resolved = resolveOptions({
    policies: given,
    ...(secrets === undefined ? {} : { secrets }),
    ...(maxValueBytes === undefined ? {} : { maxValueBytes }),
  });
  const scan = new SecretScan(resolved.secrets);
  const policies = declaredPolicies(metadata, resolved.policies, { isSecret: scan.names.isSecret });
  const codecSettings: CodecSettings = {
    platform,
    limits: { ...DEFAULT_VALUE_LIMITS, maxValueBytes: resolved.maxValueBytes },
    hashKey: null,
    secrets: scan,
  };
  const home = platform.getConfig().get('schema') ?? platform.getDefaultSchemaName() ?? 'public';
  const tableOf = ({ root }: EntityMetadata): RecordedTable => ({
    schema: root.schema ?? home,
    name: root.tableName,
  });
  const byClass = new Map<object, EntityPolicy>(policies.map((policy) => [policy.meta.class, policy]));
  const policyOf = ({ class: entityClass }: Pick<EntityMetadata, 'class'>) => byClass.get(entityClass);
  const change = metadata.find<object>(AuditChange);
  if (!change) {
    throw new AuditConfigurationError(
      'auditTriggers() found no audit tables among the entities of its configuration.',
      "Add them: entities: [..., ...auditEntities], with auditEntities from 'nestjs-mikro-audit'.",
    );
  }
  const trail = { schema: change.schema ?? home, name: change.tableName };
  const settings: TriggerSettings = {
    auditChange: quotedTable(trail),
    roles: roles ?? null,
    truncate,
    constants: functionConstants(codecSettings),
  };
  const without = new Map(
    policies.flatMap((policy) => {
      const reason = reasonWithout(policy.meta);
      return reason === null ? [] : [[policy, reason] as const];
    }),
  );
  const covered = policies.filter((policy) => !without.has(policy));
  const triggers = new Map<EntityMetadata, EntityMetadata['triggers']>();
  const tables = new Set<string>();
  const declare = (meta: EntityMetadata, table: RecordedTable, made: EntityMetadata['triggers']): void => {
    triggers.set(meta, [...(triggers.get(meta) ?? []), ...made]);
    tables.add(quotedTable(table));
  };
  for (const [root, own] of Map.groupBy(covered, ({ meta }) => meta.root)) {
    const table = tableOf(root);
    const changes = entityChanges(table, own, endingLinks(own, metadata, home), policyOf, codecSettings);
    declare(root, table, [...tableTriggers(table, '', changes, settings)]);
  }
  for (const [pivot, links] of linksByTable(covered, metadata, tableOf)) {
    const table = { schema: pivot.schema ?? home, name: pivot.tableName };
    declare(pivot, table, [
      ...tableTriggers(table, 'link_', linkChanges(table, links, policyOf, platform), settings),
    ]);
  }
  triggers.set(change, [carefulTrigger(trail, codecSettings)]);
  const names = [...triggers.values()].flat().flatMap(({ name }) => name ?? []);
  for (const [{ tableName }, own] of triggers) {
    assertNames(tableName, own);
  }
  return { plan: { tables, policies: covered, without, names }, triggers };
}

/** Null where triggers can record the class. */
function reasonWithout({ root }: EntityMetadata): string | null {
  if (root.schema === '*') {
    return 'each tenant has a table of it';
  }
  return root.inheritanceType === 'tpt' ? 'its rows are in several tables' : null;
}

/** The recorded relations, by the metadata of their link tables. */
function linksByTable(
  policies: readonly EntityPolicy[],
  metadata: MetadataStorage,
  tableOf: (meta: EntityMetadata) => RecordedTable,
): ReadonlyMap<EntityMetadata, readonly RecordedLinks[]> {
  const found = new Map<EntityMetadata, RecordedLinks[]>();
  for (const policy of policies) {
    for (const collection of policy.collections.values()) {
      const table = linkClassOf(collection.prop, metadata);
      found.set(table, [...(found.get(table) ?? []), { policy, collection, ownTable: tableOf(policy.meta) }]);
    }
  }
  return found;
}

/** The relations whose links the database deletes with the rows of classes. */
function endingLinks(
  policies: readonly EntityPolicy[],
  metadata: MetadataStorage,
  home: string,
): readonly EndingLinks[] {
  return policies.flatMap((policy) =>
    [...policy.collections.values()].flatMap((collection) => {
      const owning = owningSide(collection.prop);
      const { schema = home, tableName } = linkClassOf(collection.prop, metadata);
      return owning?.createForeignKeyConstraint === false
        ? []
        : [{ policy, collection, linkTable: { schema, name: tableName } }];
    }),
  );
}

/** MikroORM makes a class for the rows of links where the app has none. */
function linkClassOf(prop: EntityProperty, metadata: MetadataStorage): EntityMetadata {
  const { pivotEntity } = owningSide(prop) ?? prop;
  return metadata.get<object>(pivotEntity) as EntityMetadata;
}

/** PostgreSQL cuts names without an error, and one function would then take the place of another. */
function assertNames(table: string, triggers: EntityMetadata['triggers']): void {
  const functions = triggers.flatMap(({ name = '' }) =>
    Buffer.from(`${table}_${name}_fn`).subarray(0, LONGEST_NAME).toString(),
  );
  if (new Set(functions).size < functions.length) {
    throw new AuditConfigurationError(
      `auditTriggers() cannot name its functions after the table ${table}: PostgreSQL takes no longer names than ${LONGEST_NAME} bytes.`,
      'Give the entity, or the link table (pivotTable), a shorter tableName.',
    );
  }
}

function assertOptions(options: AuditTriggerOptions): void {
  const unknown = Object.keys(options).find((option) => !LEGAL.includes(option));
  const { truncate = 'refuse', roles = ['any'] } = options;
  if (unknown !== undefined) {
    throw new AuditConfigurationError(
      `auditTriggers() does not know the option "${unknown}".`,
      `Use one of: ${LEGAL.join(', ')}.`,
    );
  }
  if (truncate !== 'refuse' && truncate !== 'record') {
    throw new AuditConfigurationError(
      `auditTriggers() has the option truncate: ${literal(String(truncate))}.`,
      "Give it 'refuse' or 'record'.",
    );
  }
  if (
    !Array.isArray(roles) ||
    roles.length === 0 ||
    !roles.every((role) => typeof role === 'string' && role !== '')
  ) {
    throw new AuditConfigurationError(
      'auditTriggers() has the option roles without the name of a role.',
      'Give the roles with which the app connects, or leave the option out.',
    );
  }
}
