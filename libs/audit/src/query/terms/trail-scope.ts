import type { EntityName } from '@mikro-orm/core';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { EntityKey } from '../../model/change.js';
import type { JsonObject } from '../../model/json.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { RootFilter, ScopeFilter } from '../../store/audit-store.js';
import type { AuditCatalog, AuditedInstance } from './audit-catalog.js';
import { storedTypes } from './change-decoder.js';
import { entityIdOf } from './entity-id.js';
import { scopeProblem } from './scope-check.js';

/** The entity that others are part of. */
export interface RootQuery {
  readonly entity: EntityName;
  readonly id: EntityKey;
}

/**
 * The part of the trail that a reader may see; everything that is given must hold. What is outside is as if it had not
 * happened: lists leave it out, counts do not count it, revisions without anything inside do not exist, and neither does the
 * state of an entity that was built from anything outside.
 */
export interface TrailScope {
  /** Members that the metadata of the revision must have, with these very values. */
  readonly metadata?: JsonObject;
  /** One of these entities, or something that is, or was until the change, part of one. None means nothing. */
  readonly roots?: readonly RootQuery[];
  /** Of one of these classes or their subclasses. None means nothing. */
  readonly entities?: readonly EntityName[];
  /** Of entities with exactly these names in the trail, and not of their subclasses. None means nothing. */
  readonly entityTypes?: readonly string[];
  /** One of these must hold as well. None means nothing. */
  readonly anyOf?: readonly TrailScope[];
}

export interface ScopeOptions {
  /**
   * The part of the trail that the reader may see.
   * @default all of it
   */
  readonly within?: TrailScope;
}

/**
 * A scope in the words of one instance's trail; null for everything. What another instance audits is nothing here.
 * @throws NotAuditedError
 * @throws InvalidQueryError for a scope that does not say what may be seen, such as `{}` or `{ metadata: { tenant: undefined } }`
 */
export function resolveScope(
  catalog: AuditCatalog,
  instance: AuditedInstance,
  scope: TrailScope | undefined,
): ScopeFilter | null {
  if (scope === undefined) {
    return null;
  }
  const wrong = scopeProblem(scope);
  if (wrong) {
    throw new InvalidQueryError('within', wrong.problem, wrong.remedy);
  }
  const familyOf = (entity: EntityName): readonly EntityPolicy[] => {
    const found = catalog.of(entity);
    return found.instance === instance ? found.family : [];
  };
  const { metadata, roots, entities, entityTypes, anyOf } = scope;
  return {
    metadata: metadata ?? null,
    entityTypes: onlyBoth(
      entities && storedTypes(entities.flatMap(familyOf)),
      entityTypes && storedTypes(entityTypes.flatMap((type) => instance.policies.ofType(type) ?? [])),
    ),
    roots: roots ? roots.flatMap(({ entity, id }) => rootFilter(instance, familyOf(entity), id)) : null,
    anyOf: anyOf ? anyOf.flatMap((one) => resolveScope(catalog, instance, one) ?? []) : null,
  };
}

/** Empty when no entity can have the id. */
export function rootFilter(
  instance: AuditedInstance,
  family: readonly EntityPolicy[],
  key: EntityKey,
): readonly RootFilter[] {
  const id = entityIdOf(key, family[0] && instance.codecs.find(family[0].meta));
  return id === null || family.length === 0 ? [] : [{ types: storedTypes(family), id }];
}

function onlyBoth(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | null {
  return one && other ? one.filter((type) => other.includes(type)) : (one ?? other ?? null);
}
