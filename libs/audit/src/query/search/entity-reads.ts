import type { EntityName } from '@mikro-orm/core';
import type { EntityKey } from '../../model/change.js';
import type { Page, PageOptions } from '../../model/page.js';
import type { Revision } from '../../model/revision.js';
import type { AuditCatalog } from '../terms/audit-catalog.js';
import { storedTypes } from '../terms/change-decoder.js';
import { decodeCursor, pageById } from '../terms/cursor.js';
import { entityIdOf } from '../terms/entity-id.js';
import { checkedLimit } from '../terms/page-request.js';
import type { PlaceOptions } from '../terms/place-options.js';

/** @throws NotAuditedError, InvalidQueryError */
export async function readsOf(
  catalog: AuditCatalog,
  entity: EntityName,
  key: EntityKey,
  { limit: wanted, cursor = null, ...place }: PageOptions & PlaceOptions,
): Promise<Page<Revision>> {
  const limit = checkedLimit(wanted);
  const beforeId = cursor === null ? null : decodeCursor(cursor);
  const { instance, family } = catalog.of(entity, place);
  const entityId = entityIdOf(key, family[0] && instance.codecs.ofPolicy(family[0]));
  if (entityId === null) {
    return { items: [], nextCursor: null };
  }
  const entityTypes = storedTypes(family);
  return pageById(await instance.store.reads({ entityTypes, entityId, beforeId, limit: limit + 1 }), limit);
}
