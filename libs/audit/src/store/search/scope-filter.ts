import type { JsonObject } from '../../model/json.js';
import type { SqlParameters } from '../sql/sql-parameters.js';

/** An entity with everything that is part of it. */
export interface PartOfFilter {
  readonly types: readonly string[];
  readonly id: string;
}

/** The part of the trail that may be seen. Null means: do not look at it. Everything that is given must hold. */
export interface ScopeFilter {
  /** Members that the metadata of the revision must have. */
  readonly metadata: JsonObject | null;
  /** One of these, or of a class with one of `entityNames`. */
  readonly entityTypes: readonly string[] | null;
  /** Names of classes, whatever the schema. */
  readonly entityNames: readonly string[] | null;
  readonly partOf: readonly PartOfFilter[] | null;
  readonly anyOf: readonly ScopeFilter[] | null;
}

/** Whether a scope looks at changes, and so finds no revision that has none. */
export function looksAtChanges({ entityTypes, partOf: wholes, anyOf }: ScopeFilter): boolean {
  return entityTypes !== null || wholes !== null || (anyOf?.some(looksAtChanges) ?? false);
}

/** Whether a scope looks at metadata, which a change does not have itself. */
export function looksAtMetadata({ metadata, anyOf }: ScopeFilter): boolean {
  return metadata !== null || (anyOf?.some(looksAtMetadata) ?? false);
}

/** The condition that a change (alias `c`) of a revision (alias `r`) is in the scope. */
export function scopeCondition(scope: ScopeFilter, parameters: SqlParameters): string {
  const { metadata, entityTypes, entityNames, partOf: wholes, anyOf } = scope;
  const conditions = [
    ...(metadata ? metadataConditions(metadata, parameters) : []),
    ...(entityTypes ? [typeCondition(entityTypes, entityNames ?? [], parameters)] : []),
    ...(wholes ? [anyCondition(wholes.map((whole) => partOfCondition(whole, parameters)))] : []),
    ...(anyOf ? [anyCondition(anyOf.map((one) => scopeCondition(one, parameters)))] : []),
  ];
  return conditions.length > 0 ? `(${conditions.join(' and ')})` : 'true';
}

function typeCondition(
  types: readonly string[],
  names: readonly string[],
  parameters: SqlParameters,
): string {
  const isOfType = `c.entity_type = any(${parameters.add(types, 'text[]')})`;
  return names.length > 0 ? `(${isOfType} or ${nameCondition(names, parameters)})` : isOfType;
}

/** The condition that a change is of a class with one of some names, whatever the schema of the row. */
export function nameCondition(names: readonly string[], parameters: SqlParameters): string {
  return `split_part(c.entity_type, '@', 1) = any(${parameters.add(names, 'text[]')})`;
}

/** One comparison per member, because an index on `(metadata -> 'member')` serves it. */
export function metadataConditions(metadata: JsonObject, parameters: SqlParameters): readonly string[] {
  return Object.entries(metadata).map(
    ([name, value]) => `(r.metadata -> ${parameters.add(name, 'text')}) = ${parameters.json(value)}`,
  );
}

/** The condition that a change is of an entity, or of what is, or with the change ceased to be, part of it. */
export function partOfCondition({ types, id }: PartOfFilter, parameters: SqlParameters): string {
  const ofTypes = parameters.add(types, 'text[]');
  const whole = parameters.add(id, 'text');
  return `((c.entity_type = any(${ofTypes}) and c.entity_id = ${whole})
    or (c.part_of_type = any(${ofTypes}) and (c.part_of_id = ${whole} or c.part_of_id_before = ${whole})))`;
}

function anyCondition(conditions: readonly string[]): string {
  return conditions.length > 0 ? `(${conditions.join(' or ')})` : 'false';
}
