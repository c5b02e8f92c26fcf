import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Change, Page, Revision, RevisionBrief } from 'nestjs-mikro-audit';
import { Order, SHOP_HASH_KEY, shop, shopOracle } from '../../support/fixtures/shop.js';
import { RANDOM_TIMEOUT, randomRuns } from '../../support/random-runs.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { BEGIN, type Expected, expectedSql, type Search, search, TRAIL } from './any-search.js';

/** How the pages of a list are asked for, each in its turn. */
type Turns = readonly { readonly limit: number; readonly details: boolean }[];
type Turn = Turns[number] & { readonly cursor: string | null };

const turns: fc.Arbitrary<Turns> = fc.array(
  fc.record({
    limit: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 80 })),
    details: fc.boolean(),
  }),
  { minLength: 3, maxLength: 6 },
);

type ChangeInPage = Pick<Change, 'id' | 'revision'>;

const audited = useAuditedApp({
  entities: shop,
  options: { hashKey: SHOP_HASH_KEY },
  oracle: shopOracle,
  clear: false,
  verify: false,
});
let revisions: ReadonlyMap<string, Revision>;

beforeAll(async () => {
  for (const sql of TRAIL) {
    await audited.orm.em.getConnection().execute(sql);
  }
  const { items } = await audited.reader.revisions({ limit: 500 });
  revisions = new Map(items.map(({ counts: _, ...revision }) => [revision.id, revision]));
});

function changesOn({ conditions, order, ids }: Search, turn: Turn): Promise<Page<ChangeInPage>> {
  const { reader } = audited;
  return ids
    ? reader.changes({ ...conditions, order, ...turn, entity: Order, id: ids })
    : reader.changes({ ...conditions, order, ...turn });
}

function revisionsOn({ conditions, order, ids }: Search, { limit, cursor }: Turn): Promise<Page<Revision>> {
  const { reader } = audited;
  return ids
    ? reader.revisions({ ...conditions, order, limit, cursor, entity: Order, id: ids })
    : reader.revisions({ ...conditions, order, limit, cursor });
}

/** All pages, with how each was asked for. */
async function pagesOf<Item>(turns: Turns, find: (turn: Turn) => Promise<Page<Item>>) {
  const pages: { readonly items: readonly Item[]; readonly turn: Turn }[] = [];
  let cursor: string | null = null;
  do {
    const turn: Turn = { ...(turns[pages.length % turns.length] as Turns[number]), cursor };
    const { items, nextCursor }: Page<Item> = await find(turn);
    pages.push({ items, turn });
    cursor = nextCursor;
    // A result found twice would go on for ever.
    expect(pages.length).toBeLessThan(2_000);
  } while (cursor !== null);
  return pages;
}

const idsIn = (pages: readonly { readonly items: readonly { readonly id: string }[] }[]) =>
  pages.flatMap(({ items }) => items.map(({ id }) => id));

/** The header that a change has, of the whole revision. */
function headerOf(id: string, details: boolean): Revision | RevisionBrief | undefined {
  const whole = revisions.get(id);
  if (details || !whole) {
    return whole;
  }
  const { recordedAt, actor, onBehalfOf, action, reason, restoredRevisionId } = whole;
  return { id, recordedAt, actor, onBehalfOf, action, reason, restoredRevisionId };
}

async function expectedOf(asked: Search): Promise<Expected> {
  const [row] = await audited.orm.em.getConnection().execute<{ expected: Expected }[]>(expectedSql(asked));
  return (row as { expected: Expected }).expected;
}

describe('a random search', () => {
  it(
    'finds on its pages, whatever their size, what plain SQL finds',
    async () => {
      await fc.assert(
        fc.asyncProperty(search, turns, async (asked, each) => {
          const expected = await expectedOf(asked);
          const changes = await pagesOf(each, (turn) => changesOn(asked, turn));
          expect(expected.changes).toContainEqual(idsIn(changes));
          for (const { items, turn } of changes) {
            for (const { revision } of items) {
              expect(revision).toEqual(headerOf(revision.id, turn.details));
            }
          }
          const found = await pagesOf(each, (turn) => revisionsOn(asked, turn));
          expect(expected.revisions).toContainEqual(idsIn(found));
        }),
        randomRuns(80),
      );
    },
    RANDOM_TIMEOUT,
  );

  it(
    'counts by day what plain SQL counts',
    async () => {
      await fc.assert(
        fc.asyncProperty(search, async (asked) => {
          // Activity is not asked of ids, nor of a revision.
          const { revisionId: _, ...conditions } = asked.conditions;
          const query = { from: new Date(BEGIN), ...conditions };
          const { days } = await expectedOf({ ...asked, conditions: query, ids: null });
          expect(await audited.reader.activity(query)).toEqual({ days, countedFrom: query.from });
        }),
        randomRuns(80),
      );
    },
    RANDOM_TIMEOUT,
  );
});
