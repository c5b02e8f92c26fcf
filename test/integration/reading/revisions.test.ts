import { beforeEach, describe, expect, it } from '@jest/globals';
import { type AuditedApp } from '../../support/audited-app.js';
import { Line, Order } from '../../support/fixtures/shop.js';
import { useToldShop } from './use-told-shop.js';

const { audited, tellStory } = useToldShop();

describe('revisions', () => {
  beforeEach(tellStory);

  it('are found by their attributes, with the number of their changes by type', async () => {
    const { items } = await audited.reader.revisions({ order: 'oldest' });
    expect(items.map(({ counts }) => counts)).toEqual([
      { customer: 1, order: 1, line: 2 },
      { order: 1 },
      { order: 1 },
      { order: 1, tag: 1 },
      { line: 1 },
      { order: 1 },
    ]);
    expect(items[0]).toMatchObject({ actor: { id: 'anna' }, action: 'order.place' });
    expect(items[0]).not.toHaveProperty('changes');
    const count = async (query: Parameters<AuditedApp['reader']['revisions']>[0]) =>
      (await audited.reader.revisions(query)).items.length;
    expect(await count({ actor: { id: 'boris' } })).toBe(2);
    expect(await count({ action: 'order.purge' })).toBe(2);
    expect(await count({ partOf: { entity: Order, id: 1 } })).toBe(4);
    expect(await count({ entity: [Line], operation: 'delete' })).toBe(1);
    expect(await count({ from: new Date(0) })).toBe(6);
    expect(await count({ until: new Date(0) })).toBe(0);
    const updates = await audited.reader.revisions({ entity: Order, id: [1], operation: 'update' });
    expect(updates.items).toHaveLength(2);
  });

  it.each([{}, { from: new Date(0) }, { partOf: { entity: Order, id: 1 } }])(
    'come in pages that follow each other: %p',
    async (query) => {
      for (const order of ['newest', 'oldest'] as const) {
        const whole = (await audited.reader.revisions({ ...query, order })).items.map(({ id }) => id);
        const first = await audited.reader.revisions({ ...query, order, limit: 2 });
        const second = await audited.reader.revisions({ ...query, order, cursor: first.nextCursor });
        expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(whole);
      }
    },
  );
});
