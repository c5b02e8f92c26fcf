import type { EntityMetadata, EntityProperty, MetadataStorage, Platform } from '@mikro-orm/core';
import { owningSide } from '../capture/orm/link-table.js';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import { resolveOptions } from '../options/resolve-options.js';
import { declaredPolicies } from '../policy/declared-policies.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import { policyIn } from '../policy/policy-registry.js';
import { isPerSchema } from '../policy/row-schema.js';
import { SecretScan } from '../serialize/json/secret-scan.js';
import { DEFAULT_VALUE_LIMITS } from '../serialize/json/value-codec.js';
import type { CodecSettings } from '../serialize/property/property-codec.js';
import { AuditChange } from '../store/tables/audit-change.entity.js';
import { carefulTrigger } from './careful-trigger.js';
import type { EndingLinks } from './deleted-links.js';
import { entityChanges } from './entity-changes.js';
import { linkChanges, type RecordedLinks } from './link-changes.js';
import { namesInNotes, quotedTable, type RecordedTable, TENANT } from './recorded-table.js';
import { type DeclaredTrigger, functionBody, type TriggerSettings, tableTriggers } from './table-triggers.js';
import { forEachTenant } from './tenant-tables.js';
import type { AuditTriggerOptions } from './trigger-options.js';
import { functionConstants } from './values/property-sql.js';

/** The classes that the triggers of one MikroORM configuration record. */
export interface TriggerPlan {
  readonly policies: readonly EntityPolicy[];
  /** Audited classes that they do not record, with the reason, in words. */
  readonly without: ReadonlyMap<EntityPolicy, string>;
  /**
   * The names of the triggers, by quoted table, in any schema where each tenant has one: they tell everything that the triggers
   * depend on.
   */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** The bodies of their functions, by the name of the trigger; of a table that each tenant has, for the schema `TENANT`. */
  readonly bodies: ReadonlyMap<string, string>;
  /** The quoted tables whose triggers record what happens to the rows and links of a policy. */
  readonly tables: ReadonlyMap<EntityPolicy, readonly string[]>;
}

/** In bytes. */
const LONGEST_NAME = 63;

/** The triggers of `auditTriggers()`, by the metadata of their tables. */
export function planTriggers(
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
  const codecSettings: CodecSettings = {
    platform,
    limits: { ...DEFAULT_VALUE_LIMITS, maxValueBytes: resolved.maxValueBytes },
    hashKey: null,
    secrets: scan,
  };
  const home = platform.getConfig().get('schema') ?? platform.getDefaultSchemaName() ?? 'public';
  const policies = declaredPolicies(metadata, resolved.policies, { isSecret: scan.names.isSecret }).map(
    (policy) => policyIn(policy, isPerSchema(policy.meta) ? TENANT : home, home),
  );
  const tableOf = ({ root }: EntityMetadata): RecordedTable => ({
    schema: isPerSchema({ root }) ? TENANT : (root.schema ?? home),
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
      const reason = reasonWithout(policy, metadata);
      return reason === null ? [] : [[policy, reason] as const];
    }),
  );
  const recorded = policies.filter((policy) => !without.has(policy));
  const triggers = new Map<EntityMetadata, EntityMetadata['triggers']>();
  const bodies = new Map<string, string>();
  const declare = (meta: EntityMetadata, made: readonly DeclaredTrigger[]): void => {
    for (const { name, expression } of made) {
      bodies.set(name, functionBody(expression));
    }
    const own = isPerSchema(meta) ? made.map((trigger) => forEachTenant(meta, trigger)) : made;
    triggers.set(meta, [...(triggers.get(meta) ?? []), ...own]);
  };
  for (const [root, own] of Map.groupBy(recorded, ({ meta }) => meta.root)) {
    const table = tableOf(root);
    const changes = entityChanges(table, own, endingLinks(own, metadata, tableOf), policyOf, codecSettings);
    declare(root, tableTriggers(table, '', changes, settings));
  }
  const nameOf = (meta: EntityMetadata) => namesInNotes(tableOf(meta)).at(-1) ?? '';
  const tables = new Map(recorded.map((policy) => [policy, [nameOf(policy.meta), nameOf(change)]]));
  for (const [pivot, links] of linksByTable(recorded, metadata, tableOf)) {
    for (const { policy } of links) {
      tables.get(policy)?.push(nameOf(pivot));
    }
    const table = tableOf(pivot);
    declare(pivot, tableTriggers(table, 'link_', linkChanges(table, links, policyOf, platform), settings));
  }
  declare(change, [carefulTrigger(trail, codecSettings)]);
  const names = new Map<string, readonly string[]>();
  for (const [meta, own] of triggers) {
    assertNames(meta.tableName, own);
    names.set(
      nameOf(meta),
      own.flatMap(({ name }) => name ?? []),
    );
  }
  return { plan: { policies: recorded, without, names, bodies, tables }, triggers };
}

/** Null where triggers can record the class. */
function reasonWithout({ meta, collections }: EntityPolicy, metadata: MetadataStorage): string | null {
  const areLinksOfTenants = [...collections.values()].some(({ prop }) =>
    isPerSchema(linkClassOf(prop, metadata)),
  );
  if (areLinksOfTenants && !isPerSchema(meta)) {
    return 'each tenant has a table of its links';
  }
  return meta.root.inheritanceType === 'tpt' ? 'its rows are in several tables' : null;
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
  tableOf: (meta: EntityMetadata) => RecordedTable,
): readonly EndingLinks[] {
  return policies.flatMap((policy) =>
    [...policy.collections.values()].flatMap((collection) => {
      const owning = owningSide(collection.prop);
      return owning?.createForeignKeyConstraint === false
        ? []
        : [{ policy, collection, linkTable: tableOf(linkClassOf(collection.prop, metadata)) }];
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
