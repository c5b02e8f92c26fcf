import { InvalidQueryError } from '../../errors/query-errors.js';
import { ACTOR_TYPES, type ActorType } from '../../model/actor.js';
import type { Operation } from '../../model/change.js';
import type { Outcome } from '../../model/revision.js';
import { isPerSchema } from '../../policy/row-schema.js';
import type { AnyConditions } from '../../query/search/change-filter-resolver.js';
import type { ActorQuery, ChangeConditions } from '../../query/terms/change-query.js';
import { type EntityType, type EntityTypes, keyOf } from '../../query/terms/entity-types.js';
import type { PartOfQuery } from '../../query/terms/trail-scope.js';
import type { AuditPermission } from '../access/audit-access.js';
import type { ReaderAccess } from '../access/reader-access.js';
import { unsearchedText } from '../access/unsearched-text.js';
import { revisionId } from './point-parameter.js';
import { assertSearchable } from './property-parameter.js';
import type { QueryParameters } from './query-parameters.js';
import { valueParameters } from './value-parameter.js';

/** The parameters that choose changes. */
export const FILTER_PARAMETERS = [
  'entity',
  'id',
  'schema',
  'partOf',
  'actor',
  'onBehalfOf',
  'action',
  'revisionId',
  'operation',
  'property',
  'value',
  'correlationId',
  'from',
  'until',
  'outcome',
  'restoredRevisionId',
  'text',
] as const;

const OUTCOMES: readonly Outcome[] = ['success', 'failure', 'denied'];
const OPERATIONS: readonly Operation[] = ['create', 'update', 'delete', 'baseline'];

/** A search for changes, before the reader's scope is added. */
export type ChangeFilter = Pick<AnyConditions, 'unsearched'> &
  ChangeConditions & {
    readonly entity?: EntityType['entity'] | readonly EntityType['entity'][];
  };

/**
 * Whether reads of the trail are among what is looked for. Those that went well would drown the rest, so they have to be named by
 * their action; attempts that were denied or found nothing are what a search for these is made for.
 */
export function asksForReads({ action, outcome }: ChangeFilter): boolean {
  return action !== undefined || (outcome !== undefined && outcome !== 'success');
}

/** Reads the parameters that choose changes, and refuses what the reader may not search. */
export class ChangeFilterParameters {
  constructor(
    private readonly parameters: QueryParameters,
    private readonly types: EntityTypes,
    private readonly reader: ReaderAccess,
    private readonly action: AuditPermission = 'list',
  ) {}

  /**
   * @throws InvalidQueryError for what cannot be
   * @throws ForbiddenException for an entity or property that the reader may not search
   */
  read(): ChangeFilter {
    const { parameters } = this;
    const entities = parameters.all('entity').map((name) => this.entityType('entity', name));
    for (const { policy } of entities) {
      this.reader.assertOn(this.action, policy.entityType);
    }
    const one = entities.length === 1 ? entities[0] : undefined;
    const [id, operation] = [parameters.all('id'), parameters.words('operation', OPERATIONS)];
    const [property, value] = [parameters.all('property'), parameters.all('value')];
    const text = parameters.text('text');
    if (!one && (id.length > 0 || property.length > 0 || value.length > 0)) {
      const name = id.length > 0 ? 'id' : property.length > 0 ? 'property' : 'value';
      throw new InvalidQueryError(name, 'can only be given together with one entity', 'Give one entity.');
    }
    const family = one?.family ?? [];
    const values = valueParameters(value, family);
    assertSearchable([...property, ...values.map((each) => each.property)], family, this.reader);
    return {
      ...(entities.length > 0 ? { entity: one ? one.entity : entities.map((each) => each.entity) } : {}),
      ...given('schema', this.schema(entities)),
      ...(one && id.length > 0 ? { id: id.map((each) => keyOf(each, one)) } : {}),
      ...given('partOf', this.whole()),
      ...given('actor', this.actor('actor')),
      ...given('onBehalfOf', this.actor('onBehalfOf')),
      ...given('action', parameters.text('action')),
      ...given('correlationId', parameters.text('correlationId')),
      ...given('from', parameters.instant('from')),
      ...given('until', parameters.instant('until')),
      ...given('outcome', parameters.word('outcome', OUTCOMES)),
      ...given('revisionId', this.revision('revisionId')),
      ...given('restoredRevisionId', this.revision('restoredRevisionId')),
      ...(text === undefined
        ? {}
        : { text, unsearched: unsearchedText(this.reader, this.types, this.action) }),
      ...(operation.length > 0 ? { operation } : {}),
      ...(property.length > 0 ? { property } : {}),
      ...(values.length > 0 ? { value: values } : {}),
    };
  }

  /** That is given, or that the names of entities have. */
  private schema(entities: readonly EntityType[]): string | undefined {
    const named = new Set(
      entities.flatMap(({ place, policy }) => (isPerSchema(policy.meta) ? [place.schema] : [])),
    );
    const given = this.parameters.text('schema');
    const [schema, other] = new Set([...(given === undefined ? [] : [given]), ...named]);
    if (other !== undefined || named.size > 1) {
      throw new InvalidQueryError(
        'schema',
        'is not the same for all entities that are given',
        'Ask once for each schema.',
      );
    }
    return schema ?? entities[0]?.place.schema;
  }

  private revision(name: string): string | undefined {
    const text = this.parameters.text(name);
    return text === undefined ? undefined : revisionId(name, text);
  }

  private whole(): PartOfQuery | undefined {
    const text = this.parameters.text('partOf');
    if (text === undefined) {
      return undefined;
    }
    const places = [...text.matchAll(/:/g)].map(({ index }) => index).filter((at) => at > 0);
    if (places.length === 0) {
      throw new InvalidQueryError('partOf', 'names no entity', 'Write type:id, such as order:42.');
    }
    // Names may have colons, and so may ids.
    const [at = places[0] ?? 0, other] = places.filter((place) => this.types.find(text.slice(0, place)));
    if (other !== undefined) {
      throw new InvalidQueryError(
        'partOf',
        'may name two entities, because of the colons in it',
        'Ask for the story of the entity: entities/<type>/<id>/history-with-parts.',
      );
    }
    const type = this.entityType('partOf', text.slice(0, at));
    const id = keyOf(text.slice(at + 1), type, 'partOf');
    return { entity: type.entity, id, ...given('schema', type.place.schema) };
  }

  private actor(name: 'actor' | 'onBehalfOf'): ActorQuery | undefined {
    const text = this.parameters.text(name);
    if (text === undefined) {
      return undefined;
    }
    const [type = '', id = ''] = text.split(/:(.*)/s);
    const isType = type === '' || ACTOR_TYPES.some((one) => one === type);
    if (!isType || !text.includes(':') || text === ':') {
      throw new InvalidQueryError(
        name,
        'names no actor',
        `Write type:id, either of which may be empty; the type is one of ${ACTOR_TYPES.join(', ')}.`,
      );
    }
    return { ...(type === '' ? {} : { type: type as ActorType }), ...(id === '' ? {} : { id }) };
  }

  private entityType(parameter: string, name: string): EntityType {
    const found = this.types.find(name);
    if (!found) {
      const names = this.reader.policies(this.action).map(({ name }) => name);
      throw new InvalidQueryError(
        parameter,
        'names nothing that is audited',
        `Use one of: ${names.join(', ')}.`,
      );
    }
    return found;
  }
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };
}
