import type { EntityName } from '@mikro-orm/core';
import type { Change, EntityKey } from '../../model/change.js';
import type { Page, PageOptions } from '../../model/page.js';
import type { RevisionOf } from '../../model/revision.js';
import type { ChangeOfRevision } from '../../store/audit-store.js';
import type { AuditCatalog, AuditedInstance } from '../terms/audit-catalog.js';
import { decodeChange, storedTypes } from '../terms/change-decoder.js';
import type { DetailsOption } from '../terms/change-query.js';
import { decodeCursor, pageById } from '../terms/cursor.js';
import { entityIdOf } from '../terms/entity-id.js';
import { checkedLimit } from '../terms/page-request.js';
import type { PlaceOptions } from '../terms/place-options.js';
import type { ScopeOptions } from '../terms/trail-scope.js';
import { resolveQuery } from './change-filter-resolver.js';

/** Changes, newest first, and where the search stopped before there were enough. */
interface Stretch<Details extends boolean> {
  readonly changes: readonly ChangeOfRevision<RevisionOf<Details>>[];
  readonly stoppedAt: string | null;
}

interface StretchQuery<Details extends boolean> {
  readonly beforeId: string | null;
  readonly limit: number;
  readonly details: Details;
  readonly place: PlaceOptions;
}

/** The changes of one entity. */
export class EntityHistory {
  constructor(private readonly catalog: AuditCatalog) {}

  /** @throws NotAuditedError, InvalidQueryError */
  async read<Entity extends object, Details extends boolean = false>(
    entity: EntityName<Entity>,
    id: EntityKey,
    {
      limit: wanted,
      cursor = null,
      within,
      details,
      ...place
    }: PageOptions & ScopeOptions & DetailsOption<Details>,
  ): Promise<Page<Change<Entity, RevisionOf<Details>>>> {
    const limit = checkedLimit(wanted);
    const beforeId = cursor === null ? null : decodeCursor(cursor);
    const { instance } = this.catalog.of(entity, place);
    const query = { beforeId, limit: limit + 1, details: (details ?? false) as Details, place };
    const { changes, stoppedAt } =
      within === undefined
        ? await this.whole(entity, id, query)
        : await this.inScope(entity, id, { ...query, within });
    const found = changes.map(({ change, revision }) => ({
      ...decodeChange<Entity>(instance, change),
      revision,
    }));
    return pageById(found, limit, stoppedAt);
  }

  /** Follows an entity whose key has changed back to the ids that it had before. */
  private async whole<Details extends boolean>(
    entity: EntityName,
    key: EntityKey,
    { beforeId, limit, details, place }: StretchQuery<Details>,
  ): Promise<Stretch<Details>> {
    const { instance, family } = this.catalog.of(entity, place);
    const { store } = instance;
    const entityTypes = storedTypes(family);
    const changes: ChangeOfRevision<RevisionOf<Details>>[] = [];
    let entityId = idOf(instance, family, key);
    let before = beforeId;
    while (entityId !== null) {
      const query = { entityTypes, entityId, beforeId: before, limit: limit - changes.length, details };
      changes.push(...(await store.history(query)));
      const mayGoOn = changes.length < limit && changes.at(-1)?.change.operation !== 'create';
      const renaming = mayGoOn ? await store.search.renamingTo(entityTypes, entityId) : null;
      entityId = renaming?.entityId ?? null;
      before = renaming && earlier(before, `${BigInt(renaming.id) + 1n}`);
    }
    return { changes, stoppedAt: null };
  }

  private async inScope<Details extends boolean>(
    entity: EntityName,
    key: EntityKey,
    { beforeId, limit, within, details, place }: StretchQuery<Details> & Pick<ScopeOptions, 'within'>,
  ): Promise<Stretch<Details>> {
    const { instance, filter } = resolveQuery(this.catalog, {
      entity,
      ids: [key],
      ...place,
      ...(within === undefined ? {} : { within }),
    });
    if (!filter) {
      return { changes: [], stoppedAt: null };
    }
    const after = beforeId === null ? null : [beforeId];
    const { found, stoppedAt } = await instance.store.search.changes({
      filter,
      newestFirst: true,
      after,
      limit,
      details,
    });
    return { changes: found.map(({ item }) => item), stoppedAt: stoppedAt?.[0] ?? null };
  }
}

function idOf(
  instance: AuditedInstance,
  family: ReturnType<AuditCatalog['of']>['family'],
  key: EntityKey,
): string | null {
  return entityIdOf(key, family[0] && instance.codecs.ofPolicy(family[0]));
}

function earlier(one: string | null, other: string): string {
  return one !== null && BigInt(one) < BigInt(other) ? one : other;
}
