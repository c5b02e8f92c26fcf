import { describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import type { EntityAccess } from 'nestjs-mikro-audit/http';
import { Complaint, Invoice, Item, Order, Payment, Review } from '../../support/fixtures/mail-order.js';
import { ADAPTERS, EVERYTHING } from './law-firm-app.js';
import { type Conflict, granting, useMailOrder } from './use-mail-order.js';

const LONG_AGO = { at: '2000-01-01T00:00:00Z' };
const NOW = { at: '2999-01-01T00:00:00Z' };
const REFERENCED = { to: LONG_AGO, accept: ['still-referenced'] };
const ALL: EntityAccess = { within: 'all' };
const OF_A: EntityAccess = { within: { metadata: { tenant: 'a' } } };

describe.each(ADAPTERS)('what a reader may restore on %s', (adapter) => {
  const house = useMailOrder(adapter);
  const { post, plan, as, change } = house;
  const attach = (tenant: string, make: (order: Order) => object) =>
    as(tenant, async () => {
      const em = house.firm.orm.em.fork();
      const made = make(await em.findOneOrFail(Order, house.id));
      await em.persist(made).flush();
      return made as { readonly id: number };
    });

  describe('within its scope', () => {
    const a = granting({ order: OF_A, customer: OF_A });

    it('plans what is wholly its own', async () => {
      const answer = await plan({ to: { revision: house.opened } }, a);
      expect([answer.status, answer.body.steps[0].operation]).toEqual([200, 'update']);
    });

    it('plans nothing that another tenant has written to, whatever the point', async () => {
      await change('b', { title: 'Title of b', price: 999 });
      const { items } = await house.firm.reader.history(Order, house.id);
      for (const to of [{ revision: house.opened }, { beforeRevision: house.opened }, NOW, LONG_AGO]) {
        const answer = await plan({ to }, a);
        expect([to, answer.status]).toEqual([to, 403]);
        expect(answer.text).not.toMatch(/of b|999/);
      }
      const revision = items[0]?.revision.id;
      const [undone, none] = [
        await post(`/revisions/${revision}/undo-plan`, {}, a),
        await post('/revisions/999999999/undo-plan', {}, a),
      ];
      expect([undone.status, undone.body]).toEqual([404, none.body]);
    });

    it('cannot tell a revision of another tenant from none', async () => {
      await as('b', async () => {
        const em = house.firm.orm.em.fork();
        em.create(Order, { title: 'Of b' });
        await em.flush();
      });
      const [foreign] = (await house.firm.reader.revisions({ limit: 1 })).items;
      for (const name of ['revision', 'beforeRevision']) {
        const answers = await Promise.all(
          [foreign?.id, '999999999'].map((revision) => plan({ to: { [name]: revision } }, a)),
        );
        const [one, none] = answers.map(({ status, text }) => [
          status,
          text.replaceAll(foreign?.id ?? '', '?').replaceAll('999999999', '?'),
        ]);
        expect([name, one]).toEqual([name, none]);
        expect(one?.[0]).toBe(400);
      }
    });

    it('is not told which row of another tenant has a value that must be unique', async () => {
      const email = `${adapter}@taken.test`;
      await change('a', { email });
      const [newest] = (await house.firm.reader.history(Order, house.id, { limit: 1 })).items;
      await change('a', { email: null });
      const holder = await attach('b', () =>
        house.firm.orm.em.fork().create(Order, { title: 'Of b', price: 1 }),
      );
      await as('b', async () => {
        const em = house.firm.orm.em.fork();
        Object.assign(await em.findOneOrFail(Order, holder.id), { email });
        await em.flush();
      });
      const holders = async (access: typeof a) => {
        const { body } = await plan({ to: { revision: newest?.revision.id }, property: ['email'] }, access);
        return body.conflicts
          .filter(({ kind }: Conflict) => kind === 'unique-taken')
          .map(({ holderId, message }: Record<string, string>) => [
            holderId,
            message?.includes(`row ${holder.id}`),
          ]);
      };
      expect(await holders(a)).toEqual([[null, false]]);
      expect(await holders(EVERYTHING)).toEqual([[String(holder.id), true]]);
    });

    it('deletes no row of another tenant, however the database would', async () => {
      await attach('b', (order) =>
        house.firm.orm.em.fork().create(Item, { text: 'Item of b', order: ref(order) }),
      );
      const wide = granting({ order: OF_A, customer: OF_A, item: OF_A });
      const seen = await plan({ to: LONG_AGO }, wide);
      expect([seen.status, seen.body.blocked]).toEqual([200, true]);
      expect(seen.body.conflicts.map(({ kind, acceptable }: Conflict) => [kind, acceptable])).toContainEqual([
        'still-referenced',
        false,
      ]);
      const { body: item } = await house.firm.get('/changes?entity=item&limit=1');
      expect(seen.body.conflicts.flatMap(({ fromIds = [] }: Conflict) => fromIds)).not.toContain(
        item.items[0].entityId,
      );
      expect((await plan(REFERENCED, wide)).status).toBe(403);
    });
  });

  describe('by the real effect', () => {
    const orders = granting({ order: ALL, customer: ALL });

    it.each([
      ['rows of an entity that it may not restore', 'item', {}, 'item'],
      ['rows that these have in turn', 'review', { item: ALL }, null],
      ['rows of tables that are not audited', 'payment', { item: ALL, review: ALL, complaint: ALL }, null],
      ['rows that lose their reference', 'complaint', { item: ALL, review: ALL }, null],
    ] as const)('deletes no %s', async (_, kind, granted, named) => {
      const order = await house.firm.orm.em.fork().findOneOrFail(Order, house.id);
      const em = house.firm.orm.em.fork();
      const attached = em.getReference(Order, order.id);
      const item = kind === 'item' || kind === 'review';
      if (item) {
        const made = em.create(Item, { text: 'x', order: ref(attached) });
        if (kind === 'review') {
          em.create(Review, { body: 'private', item: ref(made) });
        }
      } else if (kind === 'payment') {
        em.create(Payment, { amount: 5, order: ref(attached) });
      } else {
        em.create(Complaint, { order: ref(attached) });
      }
      await em.flush();
      const access = granting({ order: ALL, customer: ALL, ...granted });
      const shown =
        named === null ? access : granting({ ...access.entities, item: { ...ALL, permissions: ['list'] } });
      const answer = await plan(REFERENCED, shown);
      expect(answer.status).toBe(403);
      expect(answer.body.detail).toContain(named ?? 'something that you may not see');
      expect(answer.text).not.toMatch(/payment|Payment|review|complaint/);
      const unlimited = await plan(REFERENCED, EVERYTHING);
      const stolen = await post(
        `/entities/order/${house.id}/restore`,
        { token: unlimited.body.token },
        access,
      );
      expect(stolen.status).toBe(403);
      expect(await house.firm.orm.em.fork().count(Order, { id: house.id })).toBe(1);
    });

    it('deletes nothing that MikroORM deletes together with it', async () => {
      const em = house.firm.orm.em.fork();
      const order = await em.findOneOrFail(Order, house.id);
      order.invoice = ref(em.create(Invoice, { amount: 1 }));
      await em.flush();
      const accepted = { ...REFERENCED, accept: ['still-referenced'] };
      expect((await plan(accepted, orders)).status).toBe(403);
      expect((await plan(accepted, granting({ order: ALL, customer: ALL, invoice: ALL }))).status).toBe(200);
      const unlimited = await plan(accepted, EVERYTHING);
      const stolen = await post(
        `/entities/order/${house.id}/restore`,
        { token: unlimited.body.token },
        orders,
      );
      expect([stolen.status, await house.firm.orm.em.fork().count(Invoice)]).toEqual([403, 1]);
    });

    it('names no row that the reader may not see', async () => {
      const payment = await attach('a', (order) =>
        house.firm.orm.em.fork().create(Payment, { amount: 5, order: ref(order) }),
      );
      const { body } = await plan({ to: LONG_AGO }, orders);
      expect(body.conflicts).toMatchObject([
        { kind: 'changed-since' },
        { kind: 'still-referenced', fromType: null, fromIds: [], acceptable: false },
      ]);
      expect(JSON.stringify(body.conflicts)).not.toContain('Payment');
      expect(payment.id).toBeGreaterThan(0);
    });

    it('does what it is allowed to do', async () => {
      await attach('a', (order) => house.firm.orm.em.fork().create(Item, { text: 'x', order: ref(order) }));
      const access = granting({ order: ALL, customer: ALL, item: ALL });
      const { body, status } = await plan(REFERENCED, access);
      expect([status, body.blocked]).toEqual([200, false]);
      await post(`/entities/order/${house.id}/restore`, { token: body.token }, access).expect(200);
      expect(await house.firm.orm.em.fork().count(Item, { order: house.id })).toBe(0);
      await house.firm.oracle.verify();
    });

    it('notices a row that came after the plan', async () => {
      const access = granting({ order: ALL, customer: ALL, item: ALL });
      const { body } = await plan(REFERENCED, access);
      await attach('a', (order) =>
        house.firm.orm.em.fork().create(Payment, { amount: 5, order: ref(order) }),
      );
      const late = await post(`/entities/order/${house.id}/restore`, { token: body.token }, access);
      expect([403, 409]).toContain(late.status);
      expect(await house.firm.orm.em.fork().count(Payment, { order: house.id })).toBe(1);
    });
  });
});
