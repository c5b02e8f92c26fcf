import { InvalidQueryError } from '../../errors/query-errors.js';
import { SequencerMissingError } from '../../errors/sequencer-errors.js';
import type { FeedPage } from '../../model/page.js';
import type { AuditCatalog, AuditedInstance } from '../terms/audit-catalog.js';
import { presentCounts } from '../terms/change-decoder.js';
import type { FeedQuery } from '../terms/change-query.js';
import { checkedLimit } from '../terms/page-request.js';
import { type PlaceOptions, refuseSchema } from '../terms/place-options.js';
import { assertRevisionId } from '../terms/point-in-time.js';
import { type AnyConditions, resolveQuery } from './change-filter-resolver.js';

/** Far above all that a sequence of ids can give. */
const POSITION = /^\d{1,18}$/;

/** Follows the trail as it grows. */
export class TrailFeed {
  constructor(private readonly catalog: AuditCatalog) {}

  /** @throws NotAuditedError, InvalidQueryError, SequencerMissingError */
  async read(query: AnyConditions & Pick<FeedQuery, 'after' | 'limit'>): Promise<FeedPage> {
    const limit = checkedLimit(query.limit);
    const { instance, filter } = resolveQuery(this.catalog, query);
    const after = await positionOf(query.after, instance);
    const found = filter && sequenced(await instance.store.search.feed({ filter, after, limit }), instance);
    const { size } = found ?? { size: await endOf(instance) };
    await assertReached(after, size, instance);
    const reached = greater(after, found?.after ?? size);
    const items = (found?.revisions ?? []).map(({ revision, counts, position }) => ({
      ...revision,
      position,
      counts: presentCounts(instance, counts),
    }));
    return { items, position: reached, hasMore: BigInt(reached) < BigInt(size) };
  }

  /** @throws InvalidQueryError when it is not known which of several MikroORM instances is meant; SequencerMissingError */
  async end(place: PlaceOptions): Promise<string> {
    refuseSchema(place, 'all schemas have one feed');
    return endOf(this.catalog.instance(place));
  }
}

async function endOf(instance: AuditedInstance): Promise<string> {
  return sequenced(await instance.store.search.feedEnd(), instance);
}

/** An empty answer would say that nothing has happened. */
function sequenced<Answer>(answer: Answer | null, { policies }: AuditedInstance): Answer {
  if (answer === null) {
    throw new SequencerMissingError(policies.orm.config.get('contextName'));
  }
  return answer;
}

async function positionOf(after: FeedQuery['after'], instance: AuditedInstance): Promise<string> {
  if (after === null) {
    return '0';
  }
  if (typeof after === 'string') {
    if (!POSITION.test(after)) {
      throw unknownPosition('is not one that this reader gave out');
    }
    return BigInt(after).toString();
  }
  const { search } = instance.store;
  assertRevisionId(after.revision);
  if ((await search.revisionsOf([after.revision])).size === 0) {
    throw unknownPosition(`names revision ${after.revision}, which does not exist`);
  }
  const position = await search.positionOf(after.revision);
  return position === null ? endOf(instance) : (BigInt(position) + 1n).toString();
}

/**
 * What was given out once and is not there: the trail is another one, or an older backup of it. Whoever waited for it to grow
 * would miss what comes first. A replica may not have come as far, and what was given out is not given again.
 */
async function assertReached(after: string, size: string, { store }: AuditedInstance): Promise<void> {
  if (BigInt(after) > BigInt(size) && (await store.search.replicatedUntil()) === null) {
    throw unknownPosition(`is behind the end of the trail, which has ${size} positions`);
  }
}

function greater(first: string, second: string): string {
  return BigInt(first) > BigInt(second) ? first : second;
}

function unknownPosition(problem: string): InvalidQueryError {
  return new InvalidQueryError(
    'after',
    problem,
    'Pass the position of the page before, or { revision } with the id of one; null begins with the oldest.',
  );
}
