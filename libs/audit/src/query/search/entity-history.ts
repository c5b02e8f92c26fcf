import type { EntityName } from '@mikro-orm/core';
import type { Change, EntityKey } from '../../model/change.js';
import type { JsonValue } from '../../model/json.js';
import type { Page } from '../../model/page.js';
import type { RevisionOf } from '../../model/revision.js';
import type { ChangeFilter, ChangeOfRevision } from '../../store/audit-store.js';
import type { AuditCatalog, AuditedInstance } from '../terms/audit-catalog.js';
import { decodeChange } from '../terms/change-decoder.js';
import type { DetailsOption, HistoryOptions } from '../terms/change-query.js';
import { PageRequest } from '../terms/page-request.js';
import type { ScopeOptions } from '../terms/trail-scope.js';
import { resolveQuery } from './change-filter-resolver.js';

type Found<Details extends boolean> = ChangeOfRevision<RevisionOf<Details>>;

/** Changes in the order of the page, and the id after which the search stopped before there were enough. */
interface Stretch<Details extends boolean> {
  readonly changes: readonly Found<Details>[];
  readonly stoppedAt: string | null;
}

interface StretchQuery<Details extends boolean> {
  readonly filter: ChangeFilter;
  /** The change that the page before ended with; null for the first page. */
  readonly after: string | null;
  readonly limit: number;
  readonly newestFirst: boolean;
  readonly details: Details;
}

/** An id that an entity had, and before which change. */
interface Name {
  readonly entityId: string;
  /** Null for the last id that it had. */
  readonly before: string | null;
}

/** The changes of one entity. */
export class EntityHistory {
  constructor(private readonly catalog: AuditCatalog) {}

  /** @throws NotAuditedError, InvalidQueryError */
  async read<Entity extends object, Details extends boolean = false>(
    entity: EntityName<Entity>,
    id: EntityKey,
    options: HistoryOptions<Entity> & ScopeOptions & DetailsOption<Details>,
  ): Promise<Page<Change<Entity, RevisionOf<Details>>>> {
    const { details, order, limit: _limit, cursor: _cursor, ...conditions } = options;
    const { instance, filter } = resolveQuery(this.catalog, { ...conditions, entity, id: [id] });
    const newestFirst = order !== 'oldest';
    const identity = {
      kind: 'history',
      newestFirst,
      filter: JSON.parse(JSON.stringify(filter)) as JsonValue,
    };
    const request = new PageRequest(identity, options, isChangeId);
    if (!filter) {
      return { items: [], nextCursor: null };
    }
    const query = {
      filter,
      after: request.after?.[0] ?? null,
      limit: request.limit + 1,
      newestFirst,
      details: (details ?? false) as Details,
    };
    const { changes, stoppedAt } = filter.scope
      ? await stretch(instance, query)
      : newestFirst
        ? await newest(instance, query)
        : await oldest(instance, query);
    return request.page(
      changes,
      ({ change }) => [change.id],
      ({ change, revision }) => ({ ...decodeChange<Entity>(instance, change), revision }),
      stoppedAt === null ? null : [stoppedAt],
    );
  }
}

/** Follows an entity whose key has changed back to the ids that it had before. */
async function newest<Details extends boolean>(
  instance: AuditedInstance,
  query: StretchQuery<Details>,
): Promise<Stretch<Details>> {
  const changes: Found<Details>[] = [];
  let name: Name | null = { entityId: query.filter.entityIds?.[0] ?? '', before: null };
  while (name) {
    const after = earlier(query.after, name.before);
    const found = await stretch(instance, {
      ...ofName(query, name),
      after,
      limit: query.limit - changes.length,
    });
    changes.push(...found.changes);
    if (found.stoppedAt !== null) {
      return { changes, stoppedAt: found.stoppedAt };
    }
    const mayGoOn = changes.length < query.limit && changes.at(-1)?.change.operation !== 'create';
    name = mayGoOn ? await nameBefore(instance, query.filter, name) : null;
  }
  return { changes, stoppedAt: null };
}

/** Begins with the first id that it had. */
async function oldest<Details extends boolean>(
  instance: AuditedInstance,
  query: StretchQuery<Details>,
): Promise<Stretch<Details>> {
  const names: Name[] = [];
  let name: Name | null = { entityId: query.filter.entityIds?.[0] ?? '', before: null };
  while (name) {
    names.unshift(name);
    name = await nameBefore(instance, query.filter, name);
  }
  const changes: Found<Details>[] = [];
  for (const one of names) {
    const limit = query.limit - changes.length;
    const found = limit === 0 ? null : await stretch(instance, { ...ofName(query, one), limit });
    // The id may be that of another entity since.
    const own = (id: string) => one.before === null || BigInt(id) < BigInt(one.before);
    changes.push(...(found?.changes ?? []).filter(({ change }) => own(change.id)));
    if (found?.stoppedAt && own(found.stoppedAt)) {
      return { changes, stoppedAt: found.stoppedAt };
    }
  }
  return { changes, stoppedAt: null };
}

async function stretch<Details extends boolean>(
  { store }: AuditedInstance,
  { filter, after, limit, newestFirst, details }: StretchQuery<Details>,
): Promise<Stretch<Details>> {
  const { entityTypes, entityIds, paths, scope } = filter;
  if (newestFirst && !paths && !scope) {
    const [entityId = ''] = entityIds ?? [];
    const query = { entityTypes: entityTypes ?? [], entityId, beforeId: after, limit, details };
    return { changes: await store.history(query), stoppedAt: null };
  }
  const { found, stoppedAt } = await store.search.changes({
    filter,
    newestFirst,
    after: after === null ? null : [after],
    limit,
    details,
  });
  return { changes: found.map(({ item }) => item), stoppedAt: stoppedAt?.[0] ?? null };
}

async function nameBefore(
  { store }: AuditedInstance,
  { entityTypes }: ChangeFilter,
  { entityId }: Name,
): Promise<Name | null> {
  const renaming = await store.search.renamingTo(entityTypes ?? [], entityId);
  return renaming && { entityId: renaming.entityId, before: `${BigInt(renaming.id) + 1n}` };
}

function ofName<Query extends StretchQuery<boolean>>(query: Query, { entityId }: Name): Query {
  return { ...query, filter: { ...query.filter, entityIds: [entityId] } };
}

function earlier(one: string | null, other: string | null): string | null {
  return one === null || (other !== null && BigInt(other) < BigInt(one)) ? other : one;
}

function isChangeId(parts: readonly string[]): boolean {
  return parts.length === 1 && /^\d{1,18}$/.test(parts[0] ?? '');
}
