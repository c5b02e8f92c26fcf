import { describe, expect, it } from '@jest/globals';
import { InvalidQueryError, type RevisionSummary } from 'nestjs-mikro-audit';
import { Customer, SHOP_HASH_KEY, shop, shopOracle, Tag } from '../../support/fixtures/shop.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const audited = useAuditedApp({
  entities: shop,
  options: { hashKey: SHOP_HASH_KEY },
  oracle: shopOracle,
});

const add = async (name: string) => {
  const em = audited.orm.em.fork();
  em.create(Tag, { name });
  await em.flush();
};
const ids = async () => (await audited.reader.revisions({ order: 'oldest' })).items.map(({ id }) => id);

/** Follows the feed until it has given a number of revisions: transactions of other suites hold it back, too. */
async function follow(after: string | null, count: number, limit = 50): Promise<readonly RevisionSummary[]> {
  const items: RevisionSummary[] = [];
  const deadline = Date.now() + 20_000;
  for (let position = after; items.length < count && Date.now() < deadline; ) {
    const page = await audited.reader.feed({ after: position, limit });
    items.push(...page.items);
    position = page.position;
  }
  return items;
}

describe('the feed', () => {
  it('gives every revision once, in pages, with its counts', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await add(name);
    }
    const items = await follow(null, 5, 2);
    expect(items.map(({ id }) => id)).toEqual(await ids());
    expect(items[0]).toMatchObject({ counts: { tag: 1 }, outcome: 'success' });
  });

  it('goes on from a position, from its end, and from a revision', async () => {
    await add('before');
    const end = await audited.reader.feedEnd();
    const [first] = await ids();
    await add('after');
    const [, second] = await ids();
    // Until nothing before the first is open any more: from there it would be given again.
    await follow(null, 2);
    const [seen] = await follow(first ?? '', 1);
    expect(seen?.id).toBe(second);
    const fromEnd = await follow(end, 1);
    expect(fromEnd.at(-1)?.id).toBe(second);
  });

  it('never shows a revision before one that is still to be committed', async () => {
    const slow = audited.orm.em.fork();
    await slow.begin();
    slow.create(Tag, { name: 'slow' });
    await slow.flush();
    await add('fast');
    const [fast] = await ids();
    const held = await audited.reader.feed({ after: null });
    expect(held.items).toEqual([]);
    expect(held.hasMore).toBe(false);
    const afterFast = await audited.reader.feed({ after: fast ?? '' });
    await slow.commit();
    const expected = [expect.not.stringMatching(`^${fast}$`), fast];
    expect((await follow(held.position, 2)).map(({ id }) => id)).toEqual(expected);
    expect((await follow(afterFast.position, 2)).map(({ id }) => id)).toEqual(expected);
  });

  it('leaves out revisions that do not match, and still moves on', async () => {
    await add('a');
    await add('b');
    const em = audited.orm.em.fork();
    em.create(Customer, { name: 'Anna' });
    await em.flush();
    const all = await follow(null, 3);
    const some: RevisionSummary[] = [];
    let position: string | null = null;
    for (const _ of all) {
      const page = await audited.reader.feed({ after: position, limit: 1, entity: [Customer] });
      some.push(...page.items);
      expect(page.position).not.toBe(position);
      position = page.position;
    }
    expect(some.map(({ counts }) => counts)).toEqual([{ customer: 1 }]);
  });

  it.each([
    '',
    'x',
    '1.2.3',
    '9223372036854775807',
    '99999999999999999999.1',
    '-1',
    '1.99999999999999999999',
  ])('refuses a position that is none: %p', async (after) => {
    await expect(audited.reader.feed({ after })).rejects.toThrow(InvalidQueryError);
  });
});
