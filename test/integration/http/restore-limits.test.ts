import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import type { AuditAccess, EntityAccess } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import {
  Complaint,
  Customer,
  Item,
  mailOrder,
  mailOrderOracle,
  Order,
  Payment,
  Review,
} from '../../support/fixtures/mail-order.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

const LONG_AGO = { at: '2000-01-01T00:00:00Z' };
const NOW = { at: '2999-01-01T00:00:00Z' };
const REFERENCED = { to: LONG_AGO, accept: ['still-referenced'] };

function granting(entities: Record<string, EntityAccess>): AuditAccess {
  return { ...EVERYTHING, entities };
}

const OF_A: EntityAccess = { within: { metadata: { tenant: 'a' } } };

describe.each(ADAPTERS)('what a reader may restore on %s', (adapter) => {
  let firm: LawFirmApp;
  let id: number;
  /** Revisions of the order: opened and renamed by tenant a. */
  let opened: string;

  const post = (path: string, body: object, access: AuditAccess) =>
    request(firm.base).post(path).set('x-access', JSON.stringify(access)).send(body);
  const plan = (body: object, access: AuditAccess) =>
    post(`/entities/order/${id}/restore-plan`, body, access);
  const as = <T>(tenant: string, work: () => Promise<T>) =>
    firm.context.run(
      { actor: { type: 'user', id: tenant, label: `Somebody of ${tenant}` }, metadata: { tenant } },
      work,
    );
  const change = (tenant: string, values: Partial<Order>) =>
    as(tenant, async () => {
      const em = firm.orm.em.fork();
      em.assign(await em.findOneOrFail(Order, id), values as object);
      await em.flush();
    });
  const attach = (tenant: string, make: (order: Order) => object) =>
    as(tenant, async () => {
      const em = firm.orm.em.fork();
      const made = make(await em.findOneOrFail(Order, id));
      await em.persist(made).flush();
      return made as { readonly id: number };
    });

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter, { entities: mailOrder, oracle: mailOrderOracle });
  });
  afterAll(() => firm?.close());
  beforeEach(async () => {
    await as('a', async () => {
      const em = firm.orm.em.fork();
      const customer = em.create(Customer, { name: 'HiddenCustomer' });
      const order = em.create(Order, { title: 'First', price: 4711, customer: ref(customer) });
      await em.flush();
      order.title = 'Renamed';
      order.customer = ref(em.create(Customer, { name: 'SecondHiddenCustomer' }));
      order.price = 4712;
      await em.flush();
      id = order.id;
    });
    const { items } = await firm.reader.history(Order, id);
    opened = items.at(-1)?.revision.id ?? '';
  });

  describe('within its scope', () => {
    const a = granting({ order: OF_A, customer: OF_A });

    it('plans what is wholly its own', async () => {
      const answer = await plan({ to: { revision: opened } }, a);
      expect([answer.status, answer.body.steps[0].operation]).toEqual([200, 'update']);
    });

    it('plans nothing that another tenant has written to, whatever the point', async () => {
      await change('b', { title: 'Title of b', price: 999 });
      const { items } = await firm.reader.history(Order, id);
      for (const to of [{ revision: opened }, { beforeRevision: opened }, NOW, LONG_AGO]) {
        const answer = await plan({ to }, a);
        expect([to, answer.status]).toEqual([to, 403]);
        expect(answer.text).not.toMatch(/of b|999/);
      }
      const revision = items[0]?.revision.id;
      const [undone, none] = [
        await post(`/revisions/${revision}/restore-plan`, {}, a),
        await post('/revisions/999999999/restore-plan', {}, a),
      ];
      expect([undone.status, undone.body]).toEqual([404, none.body]);
    });

    it('cannot tell a revision of another tenant from none', async () => {
      await as('b', async () => {
        const em = firm.orm.em.fork();
        em.create(Order, { title: 'Of b' });
        await em.flush();
      });
      const [foreign] = (await firm.reader.revisions({ limit: 1 })).items;
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

    it('deletes no row of another tenant, however the database would', async () => {
      await attach('b', (order) => firm.orm.em.fork().create(Item, { text: 'Item of b', order: ref(order) }));
      const wide = granting({ order: OF_A, customer: OF_A, item: OF_A });
      const seen = await plan({ to: LONG_AGO }, wide);
      expect([seen.status, seen.body.blocked]).toEqual([200, true]);
      expect(seen.body.conflicts.map(({ kind, acceptable }: Conflict) => [kind, acceptable])).toContainEqual([
        'still-referenced',
        false,
      ]);
      const { body: item } = await firm.get('/changes?entity=item&limit=1');
      expect(seen.body.conflicts.flatMap(({ fromIds = [] }: Conflict) => fromIds)).not.toContain(
        item.items[0].entityId,
      );
      expect((await plan(REFERENCED, wide)).status).toBe(403);
    });
  });

  describe('by the real effect', () => {
    const orders = granting({ order: {}, customer: {} });

    it.each([
      ['rows of an entity that it may not restore', 'item', {}, 'item'],
      ['rows that these have in turn', 'review', { item: {} }, null],
      ['rows of tables that are not audited', 'payment', { item: {}, review: {}, complaint: {} }, null],
      ['rows that lose their reference', 'complaint', { item: {}, review: {} }, null],
    ] as const)('deletes no %s', async (_, kind, granted, named) => {
      const order = await firm.orm.em.fork().findOneOrFail(Order, id);
      const em = firm.orm.em.fork();
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
      const access = granting({ order: {}, customer: {}, ...granted });
      const shown = named === null ? access : granting({ ...access.entities, item: { actions: ['list'] } });
      const answer = await plan(REFERENCED, shown);
      expect(answer.status).toBe(403);
      expect(answer.body.detail).toContain(named ?? 'something that you may not see');
      expect(answer.text).not.toMatch(/payment|Payment|review|complaint/);
      const unlimited = await plan(REFERENCED, EVERYTHING);
      const stolen = await post(`/entities/order/${id}/restore`, { token: unlimited.body.token }, access);
      expect(stolen.status).toBe(403);
      expect(await firm.orm.em.fork().count(Order, { id })).toBe(1);
    });

    it('names no row that the reader may not see', async () => {
      const payment = await attach('a', (order) =>
        firm.orm.em.fork().create(Payment, { amount: 5, order: ref(order) }),
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
      await attach('a', (order) => firm.orm.em.fork().create(Item, { text: 'x', order: ref(order) }));
      const access = granting({ order: {}, customer: {}, item: {} });
      const { body, status } = await plan(REFERENCED, access);
      expect([status, body.blocked]).toEqual([200, false]);
      await post(`/entities/order/${id}/restore`, { token: body.token }, access).expect(200);
      expect(await firm.orm.em.fork().count(Item, { order: id })).toBe(0);
      await firm.oracle.verify();
    });

    it('notices a row that came after the plan', async () => {
      const access = granting({ order: {}, customer: {}, item: {} });
      const { body } = await plan(REFERENCED, access);
      await attach('a', (order) => firm.orm.em.fork().create(Payment, { amount: 5, order: ref(order) }));
      const late = await post(`/entities/order/${id}/restore`, { token: body.token }, access);
      expect([403, 409]).toContain(late.status);
      expect(await firm.orm.em.fork().count(Payment, { order: id })).toBe(1);
    });
  });

  describe('with something hidden', () => {
    const blind = granting({ order: { hidden: ['price'] }, customer: {} });

    it.each([
      ['hidden', { order: {}, customer: { actions: ['history'], hidden: ['name'] } }],
      ['not granted', { order: {} }],
    ] as const)('sees no label of what is %s', async (_, entities) => {
      const access = granting(entities);
      const answer = await plan({ to: { revision: opened } }, access);
      expect([answer.status, answer.body.steps[0].values.length]).toEqual([200, 3]);
      expect(answer.text).not.toContain('HiddenCustomer');
      expect((await firm.get(`/entities/order/${id}/history`, access)).text).not.toContain('HiddenCustomer');
    });

    it('sets nothing that it does not see', async () => {
      const answer = await plan({ to: { revision: opened }, properties: ['price'] }, blind);
      expect([answer.status, answer.body.detail]).toEqual([403, expect.stringContaining('price')]);
      const whole = await plan({ to: { revision: opened } }, blind);
      expect(whole.body.steps[0].values.map(({ path }: { readonly path: string }) => path)).toEqual([
        'title',
        'customer',
      ]);
      await post(`/entities/order/${id}/restore`, { token: whole.body.token }, blind).expect(200);
      const { title, price } = await firm.orm.em.fork().findOneOrFail(Order, id);
      expect([title, price]).toEqual(['First', 4712]);
      await firm.oracle.verify();
    });

    it('cannot tell whether a hidden value is that of another time', async () => {
      const shapes: unknown[] = [];
      for (const price of [4711, 4712]) {
        await change('a', { price });
        const { body } = await plan({ to: { revision: opened } }, blind);
        shapes.push(
          body.steps.map(({ operation, values }: Step) => [operation, values]),
          body.conflicts.filter(({ path }: Conflict) => path === 'price'),
        );
      }
      expect(shapes.slice(2)).toEqual(shapes.slice(0, 2));
    });

    it('creates nothing anew and undoes nothing with values that it does not see', async () => {
      const { items } = await firm.reader.history(Order, id);
      const undo = await post(`/revisions/${items[0]?.revision.id}/restore-plan`, {}, blind);
      expect([undo.status, undo.body.detail]).toEqual([403, expect.stringContaining('order')]);
      const em = firm.orm.em.fork();
      await em.remove(await em.findOneOrFail(Order, id)).flush();
      const undelete = await plan({}, blind);
      expect([undelete.status, undelete.body.detail]).toEqual([403, expect.stringContaining('order')]);
      expect((await plan({}, EVERYTHING)).status).toBe(200);
    });

    it('takes no plan of somebody who sees more', async () => {
      const { body } = await plan({ to: { revision: opened } }, EVERYTHING);
      const stolen = await post(`/entities/order/${id}/restore`, { token: body.token }, blind);
      expect([403, 409]).toContain(stolen.status);
      expect((await firm.orm.em.fork().findOneOrFail(Order, id)).price).toBe(4712);
    });
  });
});

interface Conflict {
  readonly kind: string;
  readonly path: string | null;
  readonly acceptable: boolean;
  readonly fromIds?: readonly string[];
}

interface Step {
  readonly operation: string;
  readonly values: unknown;
}
