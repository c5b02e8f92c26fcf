import { setTimeout as pause } from 'node:timers/promises';
import { InvalidQueryError } from '../../errors/query-errors.js';
import { SequencerMissingError } from '../../errors/sequencer-errors.js';
import type { FeedPage } from '../../model/page.js';
import { type FeedResult, type FeedSearch, NOW } from '../../store/audit-store.js';
import type { AuditCatalog, AuditedInstance } from '../terms/audit-catalog.js';
import { presentCounts } from '../terms/change-decoder.js';
import type { FeedQuery } from '../terms/change-query.js';
import { checkedLimit } from '../terms/page-request.js';
import { type PlaceOptions, refuseSchema } from '../terms/place-options.js';
import { assertRevisionId } from '../terms/point-in-time.js';
import { type AnyConditions, resolveQuery } from './change-filter-resolver.js';

/** Milliseconds between looks at the end, a second in all: a tick takes half of it. */
const PAUSES = [25, 50, 75, 100, 150, 200, 200, 200];

/** Far above all that a sequence of ids can give. */
const POSITION = /^\d{1,18}$/;

/** Follows the trail as it grows. */
export class TrailFeed {
  constructor(private readonly catalog: AuditCatalog) {}

  /** @throws NotAuditedError, InvalidQueryError, SequencerMissingError */
  async read(query: AnyConditions & Pick<FeedQuery, 'after' | 'limit' | 'wait'>): Promise<FeedPage> {
    const limit = checkedLimit(query.limit);
    const { instance, filter } = resolveQuery(this.catalog, query);
    const patience = waits(query.wait, instance) ? PAUSES : [];
    const after = await positionOf(query.after, instance, patience);
    const found = filter && sequenced(await pageOf(instance, { filter, after, limit }, patience), instance);
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

/** A page, once it has all that was committed before it was asked for, or its time is over. */
function pageOf(
  { store }: AuditedInstance,
  asked: Pick<FeedSearch, 'filter' | 'after' | 'limit'>,
  patience: readonly number[],
): Promise<FeedResult | null> {
  let waitsFor = patience.length > 0 ? NOW : null;
  return whole(
    async () => {
      const found = await store.search.feed({ ...asked, waitsFor });
      waitsFor = found?.waitsFor ?? waitsFor;
      return found;
    },
    (found) => found !== null && (found.waitsFor === null || BigInt(found.after) < BigInt(found.size)),
    patience,
  );
}

/** Asks again until an answer is whole, or patience is over. */
async function whole<Answer>(
  ask: () => Promise<Answer>,
  isWhole: (answer: Answer) => boolean,
  patience: readonly number[],
): Promise<Answer> {
  let answer = await ask();
  for (const milliseconds of patience) {
    if (isWhole(answer)) {
      break;
    }
    await pause(milliseconds);
    answer = await ask();
  }
  return answer;
}

/** A transaction may never see the positions that it would wait for. */
function waits(wait: unknown, { policies }: AuditedInstance): boolean {
  if (wait !== undefined && typeof wait !== 'boolean') {
    throw new InvalidQueryError('wait', 'is neither true nor false', 'Leave it out to wait.');
  }
  return wait !== false && !policies.orm.em.getContext(false).isInTransaction();
}

/** The first tick may be on its way, where an app has just started. */
async function endOf(instance: AuditedInstance): Promise<string> {
  const { search } = instance.store;
  return sequenced(await whole(() => search.feedEnd(), isGiven, PAUSES), instance);
}

const isGiven = (position: string | null) => position !== null;

/** An empty answer would say that nothing has happened. */
function sequenced<Answer>(answer: Answer | null, { policies }: AuditedInstance): Answer {
  if (answer === null) {
    throw new SequencerMissingError(policies.orm.config.get('contextName'));
  }
  return answer;
}

async function positionOf(
  after: FeedQuery['after'],
  instance: AuditedInstance,
  patience: readonly number[],
): Promise<string> {
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
  const position = await whole(() => search.positionOf(after.revision), isGiven, patience);
  return position === null ? endOf(instance) : (BigInt(position) + 1n).toString();
}

/**
 * A position that was given out is not there: the trail is another one, or an older backup of it. A reader who waited for it to grow
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
