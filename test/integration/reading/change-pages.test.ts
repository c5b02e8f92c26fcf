import { describe, expect, it } from '@jest/globals';
import { InvalidQueryError, NotAuditedError } from 'nestjs-mikro-audit';
import { type AuditedApp } from '../../support/audited-app.js';
import { Line, Order } from '../../support/fixtures/shop.js';
import { user, useToldShop } from './use-told-shop.js';

const { audited, tellStory } = useToldShop();

describe('pages of changes', () => {
  const queries: Parameters<AuditedApp['reader']['changes']>[0][] = [
    {},
    { entity: [Order, Line] },
    { partOf: { entity: Order, id: 1 } },
    { actor: { type: 'user' } },
    { from: new Date(0) },
    { from: new Date(0), until: new Date('2099-01-01') },
    { until: new Date('2099-01-01') },
  ];

  it.each(
    queries.flatMap((query) => [
      { ...query, order: 'newest' as const },
      { ...query, order: 'oldest' as const },
    ]),
  )('hold every change once: %p', async (query) => {
    await tellStory();
    const whole = (await audited.reader.changes(query)).items.map(({ id }) => id);
    expect(whole.length).toBeGreaterThan(4);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<AuditedApp['reader']['changes']>> = await audited.reader.changes({
        ...query,
        limit: 2,
        cursor,
      });
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(paged).toEqual(whole);
  });

  it('take one statement each, wherever they begin', async () => {
    await tellStory();
    for (const query of [...queries, { actor: { id: 'anna' } }, { actor: { id: 'boris' } }]) {
      const { nextCursor } = await audited.reader.changes({ ...query, limit: 2 });
      audited.statements.take();
      await audited.reader.changes({ ...query, limit: 2, cursor: nextCursor });
      expect([query, audited.statements.take().length]).toEqual([query, 1]);
    }
  });

  it('stay as they are while new changes arrive', async () => {
    await tellStory();
    for (const query of queries) {
      const whole = (await audited.reader.changes(query)).items.map(({ id }) => id);
      const first = await audited.reader.changes({ ...query, limit: 3 });
      const em = audited.orm.em.fork();
      (await em.findOneOrFail(Order, 1)).title += '!';
      await audited.context.run({ actor: user('anna') }, () => em.flush());
      const second = await audited.reader.changes({ ...query, limit: 500, cursor: first.nextCursor });
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(whole);
    }
  });

  it('refuse the cursor of another query', async () => {
    await tellStory();
    const { nextCursor } = await audited.reader.changes({ limit: 1 });
    await expect(audited.reader.changes({ cursor: nextCursor, order: 'oldest' })).rejects.toThrow(
      /AUDIT_INVALID_QUERY.*another query/,
    );
    await expect(audited.reader.revisions({ cursor: nextCursor })).rejects.toThrow(/another query/);
    await expect(audited.reader.changes({ cursor: nextCursor, limit: 2 })).resolves.toBeDefined();
    await expect(audited.reader.changes({ cursor: 'c1' })).rejects.toThrow(/gave out/);
  });
});

describe('a search is refused', () => {
  it.each([
    [{ id: 1 }, /id.*together with one entity/],
    [{ property: 'title' }, /property.*together with one entity/],
    [{ entity: [Order], value: { property: 'title' } }, /value.*together with one entity/],
    [{ entity: Order, property: 'titel' }, /"titel".*Use one of: id, title/],
    [{ entity: Order, property: 'views' }, /"views"/],
    [{ entity: Order, value: { property: 'extra', to: { gt: 1 } } }, /no order/],
    [{ entity: Order, value: { property: 'tags', to: { eq: 1 } } }, /links/],
    [{ entity: Order, value: { property: 'address', to: { eq: 1 } } }, /members/],
    [{ from: new Date(Number.NaN) }, /from.*invalid date/],
    [{ limit: 0 }, /limit/],
    [{ text: '' }, /text.*empty/],
  ])('%p', async (query, message) => {
    const page = audited.reader.changes(query as never);
    await expect(page).rejects.toThrow(InvalidQueryError);
    await expect(page).rejects.toThrow(message);
  });

  it('for a class that is not audited', async () => {
    class Stranger {}
    await expect(audited.reader.changes({ entity: Stranger })).rejects.toThrow(NotAuditedError);
  });
});
