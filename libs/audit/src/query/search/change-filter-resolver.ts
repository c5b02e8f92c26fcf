import type { EntityName } from '@mikro-orm/core';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { EntityKey } from '../../model/change.js';
import { isRowId } from '../../model/row-id.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { isMovable, schemaOption } from '../../policy/row-schema.js';
import type { ChangeFilter, PrincipalFilter, UnsearchedText, ValueFilter } from '../../store/audit-store.js';
import type { AuditCatalog, AuditedInstance } from '../terms/audit-catalog.js';
import { storedTypes } from '../terms/change-decoder.js';
import type { ActorQuery, ChangeConditions, ValueChange, ValueCondition } from '../terms/change-query.js';
import { entityIdOf } from '../terms/entity-id.js';
import { isKeyList } from '../terms/key-list.js';
import { type PlaceOptions, refuseSchema } from '../terms/place-options.js';
import { assertRevisionId } from '../terms/point-in-time.js';
import { knownPath } from '../terms/property-path.js';
import { partOfFilter, resolveScope } from '../terms/trail-scope.js';
import { storedNames, TypeSet } from '../terms/type-set.js';
import { ValueComparison } from '../terms/value-comparison.js';

/** As many as a page has at most. */
const MAX_CHANGES = 500;

/** A query in the words of the trail. */
export interface ResolvedQuery {
  readonly instance: AuditedInstance;
  /** Null when no change can match, because an id is none that an entity can have. */
  readonly filter: ChangeFilter | null;
}

/** A query of either kind, before it is known whether it names one class. */
export type AnyConditions = ChangeConditions<Record<string, unknown>> & {
  readonly entity?: EntityName | readonly EntityName[];
  /** Actions whose revisions are left out. */
  readonly exceptActions?: readonly string[];
  /** Where the text is not looked for. */
  readonly unsearched?: readonly UnsearchedText[];
};

/** @throws NotAuditedError, InvalidQueryError */
export function resolveQuery(catalog: AuditCatalog, query: AnyConditions): ResolvedQuery {
  const entities = query.entity === undefined ? [] : [query.entity].flat();
  // Ids are those of rows in one schema.
  const found = entities.map((entity) =>
    query.id !== undefined
      ? { ...catalog.of(entity, query), isEverywhere: false }
      : catalog.search(entity, query),
  );
  const wholeClass =
    query.partOf && catalog.of(query.partOf.entity, { ...query, ...schemaOption(query.partOf) });
  const named = [...found, ...(wholeClass ? [wholeClass] : [])].map((one) => one.instance);
  const instance = onlyInstance(named, catalog, query);
  const families = found.map(({ family }) => family);
  const one = new OneEntity(instance, Array.isArray(query.entity) ? undefined : families[0]);
  const ids = query.id === undefined ? undefined : one.ids(query.id);
  const [whole] =
    query.partOf && wholeClass ? partOfFilter(instance, wholeClass.family, query.partOf.id) : [];
  assertTimes(query);
  assertText(query);
  for (const id of [query.revisionId, query.restoredRevisionId]) {
    if (id !== undefined) {
      assertRevisionId(id);
    }
  }
  if ((query.partOf && !whole) || ids?.length === 0) {
    return { instance, filter: null };
  }
  const { property, value, operation } = query;
  return {
    instance,
    filter: {
      ...typesOf(found, query, instance),
      entityIds: ids ?? null,
      partOf: whole ?? null,
      operations: operation === undefined ? null : [operation].flat(),
      paths: property === undefined ? null : [property].flat().map((path) => one.path(path)),
      values: value === undefined ? null : [value].flat().map((change) => one.value(change)),
      actor: principalOf(query.actor),
      onBehalfOf: principalOf(query.onBehalfOf),
      action: query.action ?? null,
      revisionId: query.revisionId ?? null,
      changeIds: query.changeId === undefined ? null : changeIdsOf(query.changeId),
      exceptActions: query.exceptActions ?? null,
      correlationId: query.correlationId ?? null,
      outcome: query.outcome ?? null,
      restoredRevisionId: query.restoredRevisionId ?? null,
      from: query.from ?? null,
      until: query.until ?? null,
      text: query.text ?? null,
      unsearched: query.text !== undefined && query.unsearched?.length ? query.unsearched : null,
      scope: resolveScope(catalog, instance, query),
    },
  };
}

/** The names that changes may have; with a schema alone, those of everything in it. */
function typesOf(
  found: readonly ReturnType<AuditCatalog['search']>[],
  { schema }: AnyConditions,
  { policies }: AuditedInstance,
): Pick<ChangeFilter, 'entityTypes' | 'entityNames'> {
  const family = found.flatMap((one) => one.family);
  if (found.length === 0) {
    const inSchema = schema === undefined ? null : TypeSet.inSchemas([schema], policies).exact;
    return { entityTypes: inSchema, entityNames: null };
  }
  if (schema !== undefined && !family.some(({ meta }) => isMovable(meta))) {
    refuseSchema({ schema }, 'everything that is asked for has one of its own');
  }
  return found.some(({ isEverywhere }) => isEverywhere)
    ? { entityTypes: null, entityNames: storedNames(family) }
    : { entityTypes: storedTypes(family), entityNames: null };
}

/** The conditions that only a query of one class can have. */
class OneEntity {
  constructor(
    private readonly instance: AuditedInstance,
    private readonly family: readonly EntityPolicy[] | undefined,
  ) {}

  /** Without those that no entity can have. */
  ids(id: EntityKey | readonly EntityKey[]): readonly string[] {
    const family = this.required('id');
    const keys = isKeyList(id, family) ? id : [id as EntityKey];
    return keys.flatMap((key) => idIn(this.instance, family, key) ?? []);
  }

  path(path: string) {
    const { keys, inside } = this.known(path, 'property');
    return { keys, inside };
  }

  value({ property, from = {}, to = {} }: ValueChange): ValueFilter {
    const known = this.known(property, 'value');
    const platform = this.instance.policies.orm.em.getPlatform();
    const conditions: readonly ValueCondition[] = [from, to];
    const comparison = new ValueComparison(property, known, conditions, platform);
    return {
      keys: known.keys,
      inside: known.inside,
      type: comparison.type,
      from: comparison.comparisons(from),
      to: comparison.comparisons(to),
    };
  }

  private known(path: string, parameter: string) {
    return knownPath(path, this.required(parameter), (policy) => this.instance.codecs.ofPolicy(policy));
  }

  private required(parameter: string): readonly EntityPolicy[] {
    if (!this.family) {
      throw new InvalidQueryError(
        parameter,
        'can only be given together with one entity',
        `Give entity: the class whose ${parameter} you mean, not in an array.`,
      );
    }
    return this.family;
  }
}

function idIn(instance: AuditedInstance, family: readonly EntityPolicy[], key: EntityKey): string | null {
  return entityIdOf(key, family[0] && instance.codecs.ofPolicy(family[0]));
}

function onlyInstance(
  named: readonly AuditedInstance[],
  catalog: AuditCatalog,
  place: PlaceOptions,
): AuditedInstance {
  const [instance, ...others] = named;
  if (others.some(({ store }) => store !== instance?.store)) {
    throw new InvalidQueryError(
      'entity',
      'names entities of several MikroORM instances, which have trails of their own',
      'Name entities of one of them, and ask once for each.',
    );
  }
  return instance ?? catalog.instance(place);
}

/** Each once. */
function changeIdsOf(given: string | readonly string[]): readonly string[] {
  const ids = [given].flat();
  if (ids.length > MAX_CHANGES) {
    throw new InvalidQueryError(
      'changeId',
      `names more than ${MAX_CHANGES} changes`,
      'Ask for less at a time.',
    );
  }
  if (!ids.every(isRowId)) {
    throw new InvalidQueryError('changeId', 'is no id of a change', 'Give the decimal number of a change.');
  }
  return [...new Set(ids.map((id) => BigInt(id).toString()))];
}

function principalOf(query: ActorQuery | undefined): PrincipalFilter | null {
  return query === undefined || (query.type === undefined && query.id === undefined)
    ? null
    : { type: query.type ?? null, id: query.id ?? null };
}

function assertTimes({ from, until }: AnyConditions): void {
  for (const [name, time] of Object.entries({ from, until })) {
    if (time !== undefined && Number.isNaN(time.getTime())) {
      throw new InvalidQueryError(name, 'is an invalid date', 'Give a valid Date.');
    }
  }
}

function assertText({ text }: AnyConditions): void {
  if (text === '') {
    throw new InvalidQueryError('text', 'is empty', 'Leave it out, or give at least one character.');
  }
}
