import type { AnyConditions } from '../../query/search/change-filter-resolver.js';
import type { EntityTypes } from '../../query/terms/entity-types.js';
import { storedNames } from '../../query/terms/type-set.js';
import type { AuditPermission } from './audit-access.js';
import { LabelView } from './label-view.js';
import type { ReaderAccess } from './reader-access.js';

type UnsearchedText = NonNullable<AnyConditions['unsearched']>[number];

/** Texts that are hidden from the reader, so that a search with some action cannot guess them. */
export function unsearchedText(
  reader: ReaderAccess,
  types: EntityTypes,
  action: AuditPermission,
): readonly UnsearchedText[] {
  const labels = new LabelView(reader, types);
  return reader.policies(action).flatMap((policy): UnsearchedText[] => {
    const { entityType, formerPaths, properties, collections } = policy;
    const hidden = reader.hiddenOf(entityType);
    const paths = [...[...properties.values()].map(({ path }) => path), ...collections.keys()];
    const keys = paths.filter((path) => hidden.touches(path)).flatMap((path) => formerPaths.stored(path));
    const one = {
      names: storedNames([policy]),
      // Of all values, also those of properties that there are no more.
      keys: reader.mayOn('values', entityType) ? keys : null,
      labels: !labels.showsAllOf(policy),
    };
    return keys.length > 0 || one.keys === null || one.labels ? [one] : [];
  });
}
