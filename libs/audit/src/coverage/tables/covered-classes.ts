import { type EntityClass, type EntityName, Utils } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { RowReader } from '../../capture/orm/row-reader.js';
import { InvalidCoverageError } from '../../errors/coverage-errors.js';
import { NotAuditedError } from '../../errors/query-errors.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { isMovable, isPerSchema } from '../../policy/row-schema.js';
import { seenFrom } from '../../query/terms/audit-catalog.js';
import type { PlaceOptions } from '../../query/terms/place-options.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import type { CoveredInstance } from './covered-instance.js';

/** Which audited classes are gone through, and where their rows are. */
export interface CoverageScope extends PlaceOptions {
  /**
   * Classes, or their names in the trail.
   * @default all audited classes
   */
  readonly entities?: readonly (EntityName | string)[];
  /**
   * Of entities that are in several schemas, the one to look into.
   * @default the ordinary one; of entities with `schema: '*'` each that has the table
   */
  readonly schema?: string;
  /**
   * The `contextName` of a MikroORM instance.
   * @default all that have audited entities
   */
  readonly instance?: string;
}

/** An audited class in one schema. */
export interface CoveredClass {
  /** Seen from the schema. */
  readonly instance: CoveredInstance;
  readonly policy: EntityPolicy;
  readonly codec: EntityCodec;
  /** The class and those that extend it in its table: under their names its history may be. */
  readonly family: readonly EntityPolicy[];
  /** The primary, or a replica. */
  readonly readsFrom: 'read' | 'write';
}

/**
 * The classes that a scope names, in the order of MikroORM's metadata.
 * @param method for messages
 * @throws NotAuditedError for a class without a policy
 * @throws InvalidCoverageError for a context or schema without any
 */
export async function coveredClasses(
  instances: readonly CoveredInstance[],
  scope: CoverageScope,
  method: string,
): Promise<readonly CoveredClass[]> {
  const named = instances.filter(
    ({ policies }) =>
      scope.instance === undefined || policies.orm.config.get('contextName') === scope.instance,
  );
  if (named.length === 0) {
    const names = instances.map(({ policies }) => policies.orm.config.get('contextName')).join(', ');
    throw new InvalidCoverageError(
      method,
      'context',
      'names no audited MikroORM instance',
      `Use one of ${names}.`,
    );
  }
  assertAudited(named, scope.entities ?? []);
  const found: CoveredClass[] = [];
  for (const instance of named) {
    for (const { meta, name } of instance.policies.all()) {
      if (scope.entities?.some((entity) => isNamed(entity, meta.class, name)) !== false && !meta.abstract) {
        found.push(...(await inSchemas(instance, meta.class, scope.schema)));
      }
    }
  }
  if (found.length === 0) {
    throw new InvalidCoverageError(
      method,
      'schema',
      'names no schema in which an audited class has rows',
      'Name the schema of a tenant, or leave it out.',
    );
  }
  return found;
}

async function inSchemas(
  instance: CoveredInstance,
  entity: EntityClass<object>,
  schema: string | undefined,
): Promise<readonly CoveredClass[]> {
  const [declared] = instance.policies.family(entity).filter(({ meta }) => meta.class === entity);
  if (!declared) {
    return [];
  }
  const { meta } = declared;
  if (!isMovable(meta)) {
    return schema === undefined ? [inSchema(instance, entity, instance.policies.schema)] : [];
  }
  if (schema !== undefined || !isPerSchema(meta)) {
    return [inSchema(instance, entity, schema ?? instance.policies.schema)];
  }
  const em = instance.policies.orm.em.fork() as EntityManager;
  const schemas = await new RowReader(em, undefined).schemasWith(meta.tableName);
  return schemas.map((one) => inSchema(instance, entity, one));
}

function inSchema(instance: CoveredInstance, entity: EntityClass<object>, schema: string): CoveredClass {
  const seen = { ...instance, ...seenFrom(instance, schema) };
  const family = seen.policies.family(entity);
  const policy = family.find(({ meta }) => meta.class === entity) as EntityPolicy;
  return { instance: seen, policy, codec: seen.codecs.ofPolicy(policy), family, readsFrom: 'write' };
}

function assertAudited(
  instances: readonly CoveredInstance[],
  entities: readonly (EntityName | string)[],
): void {
  for (const entity of entities) {
    const isKnown = instances.some(({ policies }) =>
      policies.all().some(({ meta, name }) => isNamed(entity, meta.class, name)),
    );
    if (!isKnown) {
      throw new NotAuditedError(typeof entity === 'string' ? entity : Utils.className(entity));
    }
  }
}

function isNamed(entity: EntityName | string, entityClass: unknown, name: string): boolean {
  return typeof entity === 'string'
    ? entity === name
    : entity === entityClass || Utils.className(entity) === Utils.className(entityClass as EntityName);
}
