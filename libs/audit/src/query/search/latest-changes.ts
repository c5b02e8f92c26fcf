import type { EntityName } from '@mikro-orm/core';
import type { Change, EntityKey } from '../../model/change.js';
import type { RevisionOf } from '../../model/revision.js';
import type { AuditCatalog } from '../terms/audit-catalog.js';
import { decodeChange, storedTypes } from '../terms/change-decoder.js';
import type { DetailsOption } from '../terms/change-query.js';
import { entityIdsOf } from '../terms/key-list.js';
import { resolveScope, type ScopeOptions } from '../terms/trail-scope.js';

/**
 * The newest change of each entity of a list, with one query.
 * @throws NotAuditedError, InvalidQueryError
 */
export async function latestChanges<Entity extends object, Details extends boolean>(
  catalog: AuditCatalog,
  entity: EntityName<Entity>,
  keys: readonly EntityKey[],
  { details, ...options }: ScopeOptions & DetailsOption<Details>,
): Promise<readonly (Change<Entity, RevisionOf<Details>> | null)[]> {
  const { instance, family } = catalog.of(entity, options);
  const scope = resolveScope(catalog, instance, options);
  const ids = entityIdsOf(keys, instance, family);
  const entityIds = [...new Set(ids)].filter((id) => id !== null);
  const found = await instance.store.search.latest({
    entityTypes: storedTypes(family),
    entityIds,
    scope,
    details: (details ?? false) as Details,
  });
  const latest = new Map(
    found.map(({ n, change, revision }) => [
      entityIds[n],
      { ...decodeChange<Entity>(instance, change), revision },
    ]),
  );
  return ids.map((id) => (id === null ? null : (latest.get(id) ?? null)));
}
