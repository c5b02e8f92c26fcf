import { InvalidQueryError } from '../../errors/query-errors.js';
import type { FeedPage } from '../../model/page.js';
import type { FeedPosition } from '../../store/audit-store.js';
import type { AuditCatalog, AuditedInstance } from '../terms/audit-catalog.js';
import { presentCounts } from '../terms/change-decoder.js';
import { checkedLimit } from '../terms/page-request.js';
import { type PlaceOptions, refuseSchema } from '../terms/place-options.js';
import { assertRevisionId } from '../terms/point-in-time.js';
import { type AnyConditions, resolveQuery } from './change-filter-resolver.js';

const BEGINNING: FeedPosition = { transactionId: '0', revisionId: '0' };
const POSITION = /^(\d{1,20})\.(\d{1,19})$/;
const MAX_XID8 = 18_446_744_073_709_551_615n;
const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** Follows the trail as it grows. */
export class TrailFeed {
  constructor(private readonly catalog: AuditCatalog) {}

  /** @throws NotAuditedError, InvalidQueryError */
  async read(
    query: AnyConditions & { readonly after: string | null; readonly limit?: number },
  ): Promise<FeedPage> {
    const limit = checkedLimit(query.limit);
    const { instance, filter } = resolveQuery(this.catalog, query);
    const after = await positionOf(query.after, instance);
    if (!filter) {
      return { items: [], position: encode(await instance.store.search.feedEnd()), hasMore: false };
    }
    const { revisions, position, hasMore } = await instance.store.search.feed({ filter, after, limit });
    const items = revisions.map(({ revision, counts }) => ({
      ...revision,
      counts: presentCounts(instance, counts),
    }));
    // Another replica may not have come as far, and what was given out is not given again.
    const isBehind =
      POSITION.test(query.after ?? '') && BigInt(position.transactionId) < BigInt(after.transactionId);
    return { items, position: encode(isBehind ? after : position), hasMore };
  }

  /** @throws InvalidQueryError when it is not known which of several MikroORM instances is meant */
  async end(place: PlaceOptions): Promise<string> {
    refuseSchema(place, 'all schemas have one feed');
    const instance = this.catalog.instance(place);
    return encode(await instance.store.search.feedEnd());
  }
}

function encode({ transactionId, revisionId }: FeedPosition): string {
  return `${transactionId}.${revisionId}`;
}

async function positionOf(after: string | null, { store }: AuditedInstance): Promise<FeedPosition> {
  if (after === null) {
    return BEGINNING;
  }
  const [, transactionId, revisionId] = POSITION.exec(after) ?? [];
  if (transactionId !== undefined && revisionId !== undefined) {
    if (BigInt(transactionId) <= MAX_XID8 && BigInt(revisionId) <= MAX_BIGINT) {
      return { transactionId, revisionId };
    }
    throw unknownPosition('is not one that this reader gave out');
  }
  assertRevisionId(after);
  const revision = (await store.search.revisionsOf([after])).get(BigInt(after).toString());
  if (!revision) {
    throw unknownPosition(`names revision ${after}, which does not exist`);
  }
  return { transactionId: revision.transactionId, revisionId: revision.id };
}

function unknownPosition(problem: string): InvalidQueryError {
  return new InvalidQueryError(
    'after',
    problem,
    'Pass the position of the page before, or the id of a revision; null begins with the oldest.',
  );
}
