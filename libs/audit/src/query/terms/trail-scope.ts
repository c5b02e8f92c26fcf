import { type EntityName, Utils } from '@mikro-orm/core';
import { InvalidQueryError, NotAuditedError } from '../../errors/query-errors.js';
import type { EntityKey } from '../../model/change.js';
import type { JsonObject } from '../../model/json.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { PartOfFilter, ScopeFilter } from '../../store/audit-store.js';
import type { AuditCatalog, AuditedInstance } from './audit-catalog.js';
import { storedTypes } from './change-decoder.js';
import { entityIdOf } from './entity-id.js';
import type { PlaceOptions } from './place-options.js';
import { scopeProblem } from './scope-check.js';
import { TypeSet } from './type-set.js';

/** The entity that others are part of. */
export interface PartOfQuery {
  readonly entity: EntityName;
  readonly id: EntityKey;
  /** @default that of the running EntityManager; for the `partOf` of a query that of the query */
  readonly schema?: string;
}

/**
 * The part of the trail that a reader may see; everything that is given must hold. The rest is as if it had not
 * happened: lists leave it out, counts do not count it, revisions without anything inside do not exist, and neither does the
 * state of an entity that was built from anything outside.
 */
export interface TrailScope {
  /** Members that the metadata of the revision must have, with these very values. */
  readonly metadata?: JsonObject;
  /** One of these entities, or something that is, or was until the change, part of one. An empty list means nothing. */
  readonly partOf?: PartOfQuery | readonly PartOfQuery[];
  /** Of one of these classes or their subclasses, in any schema. An empty list means nothing. */
  readonly entity?: EntityName | readonly EntityName[];
  /**
   * Of entities with exactly these names in the trail, and not of their subclasses: `Invoice@acme`, or `Invoice` for that of all
   * tenants. An empty list means nothing.
   */
  readonly entityType?: string | readonly string[];
  /** Of rows in one of these schemas; what is in a schema of its own is in none of them. An empty list means nothing. */
  readonly schema?: string | readonly string[];
  /** One of these must hold as well. An empty list means nothing. */
  readonly anyOf?: readonly TrailScope[];
}

/** Where to look, and what may be seen. */
export interface ScopeOptions extends PlaceOptions {
  /**
   * The part of the trail that the reader may see.
   * @default all of it
   */
  readonly within?: TrailScope;
}

/**
 * The scope of a read in the words of one instance's trail; null for everything, which is what no scope means. One that is
 * there without a value is a mistake, which must not mean the same. Classes audited by another instance are nothing here.
 * @throws NotAuditedError
 * @throws InvalidQueryError for a scope that does not say what may be seen, such as `{}` or `{ metadata: { tenant: undefined } }`
 */
export function resolveScope(
  catalog: AuditCatalog,
  instance: AuditedInstance,
  options: Pick<ScopeOptions, 'within'>,
): ScopeFilter | null {
  if (!('within' in options)) {
    return null;
  }
  const wrong = scopeProblem(options.within);
  if (wrong) {
    throw new InvalidQueryError('within', wrong.problem, wrong.remedy);
  }
  return scopeFilter(catalog, instance, options.within);
}

function scopeFilter(catalog: AuditCatalog, instance: AuditedInstance, scope: TrailScope): ScopeFilter {
  const { policies } = instance;
  const { metadata, anyOf } = scope;
  const [wholes, entities] = [listOf(scope.partOf), listOf(scope.entity)];
  const [entityTypes, schemas] = [listOf(scope.entityType), listOf(scope.schema)];
  const [first, ...others] = [
    entities && TypeSet.ofClasses(entities.flatMap((entity) => familyIn(catalog, instance, entity))),
    entityTypes && TypeSet.named(entityTypes, policies),
    schemas && TypeSet.inSchemas(schemas, policies),
  ].filter((set) => set !== undefined);
  const types = others.reduce((all, one) => all?.and(one), first);
  return {
    metadata: metadata ?? null,
    entityTypes: types?.exact ?? null,
    entityNames: types?.names ?? null,
    partOf: wholes ? wholes.flatMap((whole) => partOfFilterIn(catalog, instance, whole)) : null,
    anyOf: anyOf ? anyOf.map((one) => scopeFilter(catalog, instance, one)) : null,
  };
}

/** One or many as a list; undefined when it is not given. */
function listOf<Item>(given: Item | readonly Item[] | undefined): readonly Item[] | undefined {
  return given === undefined ? undefined : ([given].flat() as readonly Item[]);
}

/** Classes audited by another instance are nothing here. */
function familyIn(
  catalog: AuditCatalog,
  { policies }: AuditedInstance,
  entity: EntityName,
): readonly EntityPolicy[] {
  const family = policies.family(entity);
  if (family.length === 0 && !catalog.all().some((one) => one.policies.family(entity).length > 0)) {
    throw new NotAuditedError(Utils.className(entity));
  }
  return family;
}

function partOfFilterIn(
  catalog: AuditCatalog,
  instance: AuditedInstance,
  whole: PartOfQuery,
): readonly PartOfFilter[] {
  if (familyIn(catalog, instance, whole.entity).length === 0) {
    return [];
  }
  const context = instance.policies.orm.config.get('contextName');
  const place = whole.schema === undefined ? { context } : { context, schema: whole.schema };
  const found = catalog.of(whole.entity, place);
  return partOfFilter(found.instance, found.family, whole.id);
}

/** Empty when no entity can have the id. */
export function partOfFilter(
  instance: AuditedInstance,
  family: readonly EntityPolicy[],
  key: EntityKey,
): readonly PartOfFilter[] {
  const id = entityIdOf(key, family[0] && instance.codecs.ofPolicy(family[0]));
  return id === null || family.length === 0 ? [] : [{ types: storedTypes(family), id }];
}
