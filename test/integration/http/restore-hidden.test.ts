import { describe, expect, it } from '@jest/globals';
import type { EntityAccess } from 'nestjs-mikro-audit/http';
import { Order } from '../../support/fixtures/mail-order.js';
import { ADAPTERS, EVERYTHING } from './law-firm-app.js';
import { type Conflict, granting, useMailOrder } from './use-mail-order.js';

const ALL = { within: 'all' } as const satisfies EntityAccess;

interface Step {
  readonly operation: string;
  readonly values: unknown;
}

describe.each(ADAPTERS)('restoring on %s', (adapter) => {
  const house = useMailOrder(adapter);
  const { post, plan, change } = house;

  describe('with something hidden', () => {
    const blind = granting({ order: { ...ALL, hidden: ['price'] }, customer: ALL });

    it.each([
      ['hidden', { order: ALL, customer: { ...ALL, permissions: ['history'], hidden: ['name'] } }],
      ['not granted', { order: ALL }],
    ] as const)('sees no label of what is %s', async (_, entities) => {
      const access = granting(entities);
      const answer = await plan({ to: { revision: house.opened } }, access);
      expect([answer.status, answer.body.steps[0].values.length]).toEqual([200, 3]);
      expect(answer.text).not.toContain('HiddenCustomer');
      expect((await house.firm.get(`/entities/order/${house.id}/history`, access)).text).not.toContain(
        'HiddenCustomer',
      );
    });

    it('sees no label of the order itself that is made of it', async () => {
      const to = { revision: house.opened };
      const { body } = await plan({ to }, EVERYTHING);
      expect(body.steps[0].label).toBe('Renamed');
      const answer = await plan({ to }, granting({ order: { ...ALL, hidden: ['title'] }, customer: ALL }));
      expect([answer.status, answer.body.steps[0].label]).toEqual([200, null]);
      expect(answer.text).not.toContain('Renamed');
    });

    it('sets nothing that it does not see', async () => {
      const answer = await plan({ to: { revision: house.opened }, property: ['price'] }, blind);
      expect([answer.status, answer.body.detail]).toEqual([403, expect.stringContaining('price')]);
      const whole = await plan({ to: { revision: house.opened } }, blind);
      expect(whole.body.steps[0].values.map(({ path }: { readonly path: string }) => path)).toEqual([
        'title',
        'customer',
      ]);
      await post(`/entities/order/${house.id}/restore`, { token: whole.body.token }, blind).expect(200);
      const { title, price } = await house.firm.orm.em.fork().findOneOrFail(Order, house.id);
      expect([title, price]).toEqual(['First', 4712]);
      await house.firm.oracle.verify();
    });

    it('cannot tell whether a hidden value is that of another time', async () => {
      const shapes: unknown[] = [];
      for (const price of [4711, 4712]) {
        await change('a', { price });
        const { body } = await plan({ to: { revision: house.opened } }, blind);
        shapes.push(
          body.steps.map(({ operation, values }: Step) => [operation, values]),
          body.conflicts.filter(({ path }: Conflict) => path === 'price'),
        );
      }
      expect(shapes.slice(2)).toEqual(shapes.slice(0, 2));
    });

    it('creates nothing anew and undoes nothing with values that it does not see', async () => {
      const { items } = await house.firm.reader.history(Order, house.id);
      const undo = await post(`/revisions/${items[0]?.revision.id}/undo-plan`, {}, blind);
      expect([undo.status, undo.body.detail]).toEqual([403, expect.stringContaining('order')]);
      const em = house.firm.orm.em.fork();
      await em.remove(await em.findOneOrFail(Order, house.id)).flush();
      const undelete = await plan({}, blind);
      expect([undelete.status, undelete.body.detail]).toEqual([403, expect.stringContaining('order')]);
      expect((await plan({}, EVERYTHING)).status).toBe(200);
    });

    it('takes no plan of somebody who sees more', async () => {
      const { body } = await plan({ to: { revision: house.opened } }, EVERYTHING);
      const stolen = await post(`/entities/order/${house.id}/restore`, { token: body.token }, blind);
      expect([403, 409]).toContain(stolen.status);
      expect((await house.firm.orm.em.fork().findOneOrFail(Order, house.id)).price).toBe(4712);
    });
  });
});
