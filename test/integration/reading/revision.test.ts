import { describe, expect, it } from '@jest/globals';
import { InvalidQueryError } from 'nestjs-mikro-audit';
import { trailOf } from '../../support/trail.js';
import { Country, Item, Stock, titlesOf, useItems } from './use-items.js';

const { audited, itemWithChanges } = useItems();

describe('a revision', () => {
  it('has everything that happened together, in order, with its context', async () => {
    const em = audited.orm.em.fork();
    await audited.context.run({ actor: { type: 'user', id: 'anna', label: null }, reason: 'move' }, () =>
      em.transactional(async (inner) => {
        const country = inner.create(Country, { code: 'DE', title: 'x' });
        await inner.flush();
        const item = inner.create(Item, { title: 'x' });
        await inner.flush();
        inner.create(Stock, { item, country, amount: 1 });
      }),
    );
    const { items } = await audited.reader.history(Country, 'DE', { details: true });
    const id = items[0]?.revision.id ?? '';
    const revision = await audited.reader.revision(id);
    expect(revision).toMatchObject({ id, actor: { id: 'anna' }, reason: 'move' });
    expect(revision?.recordedAt).toBeInstanceOf(Date);
    expect(revision?.transactionId).toMatch(/^\d+$/);
    expect(revision?.changes.map(({ entityType }) => entityType)).toEqual(['Country', 'item', 'Stock']);
    expect(revision?.changes[1]?.after).toMatchObject({ title: 'x', id: 1n });
    expect(revision?.changes[0]).not.toHaveProperty('revisionId');
    const { changes: _changes, ...header } = revision ?? { changes: [] };
    expect(items[0]?.revision).toEqual(header);
    const some = await audited.reader.revision(id, { limit: 2 });
    expect(some?.changes).toEqual(revision?.changes.slice(0, 2));
    const query = { revisionId: id, order: 'oldest', limit: 2 } as const;
    const first = await audited.reader.changes(query);
    const second = await audited.reader.changes({ ...query, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map((change) => change.id)).toEqual(
      revision?.changes.map((change) => change.id),
    );
    expect(second.nextCursor).toBeNull();
    expect((await audited.reader.revisions({ revisionId: id })).items).toHaveLength(1);
    await expect(audited.reader.changes({ revisionId: 'x' })).rejects.toThrow(InvalidQueryError);
    await expect(audited.reader.revision(id, { limit: 0 })).rejects.toThrow(InvalidQueryError);
  });

  it('is null when there is none', async () => {
    expect(await audited.reader.revision('404')).toBeNull();
    expect(await audited.reader.revision('9223372036854775807')).toBeNull();
  });

  it.each(['', 'x', '-1', '1.0', ' 1', '1e3', '9223372036854775808', '1'.repeat(30), "1' or true"])(
    'is refused for the id %p',
    async (id) => {
      const revision = audited.reader.revision(id);
      await expect(revision).rejects.toThrow(InvalidQueryError);
      await expect(revision).rejects.toThrow(/revision id.*decimal number/);
    },
  );
});

describe('reading in a transaction', () => {
  it('uses its connection, so that a pool of one does not wait for itself', async () => {
    const id = await itemWithChanges(1);
    const titles = await audited.orm.em.transactional(async (em) => {
      await em.findOneOrFail(Item, id);
      const page = await audited.reader.history(Item, id);
      await audited.reader.revision(page.items[0]?.revision.id ?? '');
      return titlesOf(page);
    });
    expect(titles).toEqual(['1', '0']);
  });

  it('does not see changes that the transaction has not written yet, and leaves no trace', async () => {
    const id = await itemWithChanges(0);
    await audited.orm.em.transactional(async (em) => {
      (await em.findOneOrFail(Item, id)).title = 'pending';
      await em.flush();
      expect((await audited.reader.history(Item, id)).items).toHaveLength(1);
    });
    expect(await trailOf(audited)).toHaveLength(2);
  });
});
