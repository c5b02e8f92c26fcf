import { describe, expect, it } from '@jest/globals';
import { type FeedItem, type FeedQuery, InvalidQueryError, SequencerMissingError } from 'nestjs-mikro-audit';
import { Customer, SHOP_HASH_KEY, shop, shopOracle, Tag } from '../../support/fixtures/shop.js';
import { sequence, withSequencer } from '../../support/sequenced.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { followFeed } from './follow-feed.js';

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
const follow = (after: FeedQuery['after'], limit?: number) => followFeed(audited, after, limit);
const ids = async () => (await audited.reader.revisions({ order: 'oldest' })).items.map(({ id }) => id);

describe('the feed', () => {
  it('gives every revision once, in pages, with its counts and its position', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await add(name);
    }
    const items = await follow(null, 2);
    expect(items.map(({ id }) => id)).toEqual(await ids());
    expect(items.map(({ position }) => position)).toEqual(['0', '1', '2', '3', '4']);
    expect(items[0]).toMatchObject({ counts: { tag: 1 }, outcome: 'success' });
  });

  it('goes on from a position, from its end, and from a revision', async () => {
    await add('before');
    await sequence(audited.app);
    const end = await audited.reader.feedEnd();
    const [first] = await ids();
    expect(end).toBe('1');
    await add('after');
    const [, second] = await ids();
    expect((await follow({ revision: first ?? '' })).map(({ id }) => id)).toEqual([second]);
    expect((await follow(end)).map(({ id }) => id)).toEqual([second]);
    expect(await follow({ revision: second ?? '' })).toEqual([]);
  });

  it('takes a revision that has no position yet for its end', async () => {
    await add('before');
    await sequence(audited.app);
    const page = await audited.orm.em.fork().transactional(async (em) => {
      em.create(Tag, { name: 'not committed' });
      await em.flush();
      const [own] = await em
        .getConnection()
        .execute<{ id: string }[]>(
          'select max(id)::text as id from audit_change',
          [],
          'all',
          em.getTransactionContext(),
        );
      return audited.reader.feed({ after: { revision: own?.id ?? '' } });
    });
    expect(page).toEqual({ items: [], position: '1', hasMore: false });
  });

  it('shows what is committed although an older transaction is open, which comes when it is', async () => {
    const slow = audited.orm.em.fork();
    await slow.begin();
    slow.create(Tag, { name: 'slow' });
    await slow.flush();
    await add('fast');
    const [fast] = await ids();
    expect((await follow(null)).map(({ id }) => id)).toEqual([fast]);
    await slow.commit();
    expect((await follow(null)).map(({ id }) => id)).toEqual([fast, expect.not.stringMatching(`^${fast}$`)]);
    expect(await follow({ revision: fast ?? '' })).toHaveLength(1);
  });

  it('gives the changes of a row in the order in which they were made', async () => {
    await add('row');
    await add('other');
    const early = audited.orm.em.fork();
    await early.begin();
    (await early.findOneOrFail(Tag, { name: 'other' })).name = 'changed early';
    await early.flush();
    const late = audited.orm.em.fork();
    (await late.findOneOrFail(Tag, { name: 'row' })).name = 'second';
    await late.flush();
    (await early.findOneOrFail(Tag, { name: 'second' })).name = 'third';
    await early.flush();
    await early.commit();
    const names: unknown[] = [];
    for (const { id } of await follow(null)) {
      const revision = await audited.reader.revision(id);
      names.push(...(revision?.changes ?? []).map(({ after }) => after?.name));
    }
    expect(names.indexOf('second')).toBeLessThan(names.indexOf('third'));
  });

  it('passes a revision of more changes than a page looks at', async () => {
    const em = audited.orm.em.fork();
    for (let n = 0; n < 5_100; n += 1) {
      em.create(Tag, { name: `tag ${n}` });
    }
    await em.flush();
    await add('next');
    const items = await follow(null);
    expect(items.map(({ position, counts }) => [position, counts])).toEqual([
      ['0', { tag: 5_100 }],
      ['5100', { tag: 1 }],
    ]);
  });

  it('leaves out revisions that do not match, and still moves on', async () => {
    await add('a');
    await add('b');
    const em = audited.orm.em.fork();
    em.create(Customer, { name: 'Anna' });
    await em.flush();
    const all = await follow(null);
    const some: FeedItem[] = [];
    let position: string | null = null;
    for (const _ of all) {
      const page = await audited.reader.feed({ after: position, limit: 1, entity: [Customer] });
      some.push(...page.items);
      expect(page.position).not.toBe(position);
      position = page.position;
    }
    expect(some.map(({ counts }) => counts)).toEqual([{ customer: 1 }]);
  });

  it.each(['', 'x', '1.2', '9223372036854775807', '-1', '1', { revision: '99' }, { revision: 'x' }])(
    'refuses an invalid position: %p',
    async (after) => {
      await sequence(audited.app);
      await expect(audited.reader.feed({ after })).rejects.toThrow(InvalidQueryError);
    },
  );
});

describe('the feed of a trail that never had a sequencer', () => {
  const silent = useAuditedApp({ entities: shop, options: { hashKey: SHOP_HASH_KEY }, oracle: shopOracle });

  it('says so, where an empty one would say that nothing has happened', async () => {
    await expect(silent.reader.feed({ after: null })).rejects.toThrow(SequencerMissingError);
    await expect(silent.reader.feedEnd()).rejects.toMatchObject({
      code: 'AUDIT_SEQUENCER_MISSING',
      remedy: expect.stringContaining('mikro-audit sequence'),
    });
  });
});

describe('the last page of the feed', () => {
  const looks = () => audited.statements.take().filter((sql) => sql.includes('audit_tick')).length;

  it('holds all that was committed before the call, before the first tick and in an older transaction too', async () => {
    await withSequencer(audited.app, async () => {
      for (const name of ['a', 'b', 'c']) {
        const early = audited.orm.em.fork();
        await early.begin();
        early.create(Tag, { name: `early ${name}` });
        await early.flush();
        await add(name);
        await early.commit();
        const { items } = await audited.reader.feed({ after: null });
        expect(items.map(({ id }) => id).sort()).toEqual((await ids()).sort());
      }
    });
  });

  it('has an end also where the sequencer has just been started', async () => {
    await add('before');
    const early = audited.reader.feedEnd();
    await withSequencer(audited.app, async () => {
      expect(await early).toBe('1');
    });
  });

  it('begins behind a revision that was committed just before', async () => {
    await withSequencer(audited.app, async () => {
      await add('before');
      const [revision = ''] = await ids();
      await add('after');
      const { items } = await audited.reader.feed({ after: { revision } });
      expect(items.map(({ id }) => id)).toEqual((await ids()).slice(1));
    });
  });

  it('waits for nothing where everything has its position, or nothing that waits is committed', async () => {
    await add('before');
    await sequence(audited.app);
    const open = audited.orm.em.fork();
    await open.begin();
    open.create(Tag, { name: 'open' });
    await open.flush();
    audited.statements.take();
    expect((await audited.reader.feed({ after: null })).items).toHaveLength(1);
    expect(looks()).toBe(1);
    await open.rollback();
  });

  it('gives up where nobody gives positions, and goes on there the next time', async () => {
    await add('before');
    await sequence(audited.app);
    await add('after');
    const page = await audited.reader.feed({ after: null });
    expect(page).toMatchObject({ position: '1', hasMore: false, items: [expect.anything()] });
    expect(looks()).toBeGreaterThan(1);
    expect(await follow(page.position)).toHaveLength(1);
  });

  it('does not wait with `wait: false`, nor in a transaction, which may never see the position', async () => {
    await add('before');
    await sequence(audited.app);
    await add('after');
    audited.statements.take();
    expect((await audited.reader.feed({ after: null, wait: false })).items).toHaveLength(1);
    expect(looks()).toBe(1);
    await audited.orm.em.fork().transactional(async () => {
      expect((await audited.reader.feed({ after: null })).items).toHaveLength(1);
    });
    expect(looks()).toBe(1);
  });

  it('waits for no page that is not the last', async () => {
    await add('a');
    await add('b');
    await sequence(audited.app);
    await add('c');
    audited.statements.take();
    expect(await audited.reader.feed({ after: null, limit: 1 })).toMatchObject({
      position: '1',
      hasMore: true,
    });
    expect(looks()).toBe(1);
  });

  it('refuses a `wait` that is neither true nor false', async () => {
    await expect(audited.reader.feed({ after: null, wait: 'no' as unknown as boolean })).rejects.toThrow(
      InvalidQueryError,
    );
  });
});
