import { InvalidQueryError } from '../../errors/query-errors.js';
import type { ActorType } from '../../model/actor.js';
import type { ChangeCount, ChangeCounts, CountedBy, CountGroups } from '../../model/change-counts.js';
import type { CountedGroup } from '../../store/audit-store.js';
import type { AuditCatalog } from '../terms/audit-catalog.js';
import type { CountsOptions } from '../terms/change-query.js';
import { checkedLimit } from '../terms/page-request.js';
import { storedNames } from '../terms/type-set.js';
import { MOST_CHANGES } from './activity-counter.js';
import { type AnyConditions, resolveQuery } from './change-filter-resolver.js';

const COMMON: { readonly [By in CountedBy]: (group: CountedGroup) => CountGroups[By] } = {
  actor: ({ actorType, actorId, actorLabel }) => ({
    actor: { type: actorType as ActorType, id: actorId, label: actorLabel },
  }),
  action: ({ action }) => ({ action }),
  entityType: ({ entityType }) => ({ entityType }),
  entity: ({ entityType, entityId }) => ({ entityType, entityId }),
};

/** Counts changes by what they have in common. */
export class ChangeCounter {
  constructor(private readonly catalog: AuditCatalog) {}

  /** @throws NotAuditedError, InvalidQueryError */
  async count<By extends CountedBy>({
    by,
    limit: wanted,
    ...query
  }: AnyConditions & CountsOptions<By>): Promise<ChangeCounts<By>> {
    const limit = checkedLimit(wanted);
    if (!Object.hasOwn(COMMON, by)) {
      throw new InvalidQueryError(
        'by',
        'is nothing that changes are counted by',
        `Use one of: ${Object.keys(COMMON).join(', ')}.`,
      );
    }
    const { instance, filter } = resolveQuery(this.catalog, query);
    if (!filter) {
      return { items: [], groups: 0, changes: 0, countedFrom: null };
    }
    const formerNames = instance.policies
      .all()
      .flatMap((policy) => storedNames([policy]).map((former) => [former, policy.name] as const))
      .filter(([former, present]) => former !== present);
    const found = await instance.store.search.counts({
      filter,
      by,
      formerNames,
      window: MOST_CHANGES,
      limit,
    });
    return {
      items: found.groups.map((group): ChangeCount<By> => {
        return { ...COMMON[by](group), changes: group.changes, revisions: group.revisions };
      }),
      groups: found.allGroups,
      changes: found.allChanges,
      countedFrom: found.countedFrom,
    };
  }
}
