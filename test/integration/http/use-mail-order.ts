import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import type { AuditAccess, EntityAccess } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import { Customer, mailOrder, mailOrderOracle, Order } from '../../support/fixtures/mail-order.js';
import { type Adapter, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

export interface Conflict {
  readonly kind: string;
  readonly path: string | null;
  readonly acceptable: boolean;
  readonly fromIds?: readonly string[];
}

export function granting(entities: Record<string, EntityAccess>): AuditAccess {
  return { ...EVERYTHING, entities };
}

/** A mail-order house over HTTP; before each test tenant a opens an order and renames it. */
export function useMailOrder(adapter: Adapter) {
  let firm: LawFirmApp;
  let id: number;
  let opened: string;

  const post = (path: string, body: object, access: AuditAccess) =>
    request(firm.base).post(path).set('x-access', JSON.stringify(access)).send(body);
  const as = <T>(tenant: string, work: () => Promise<T>) =>
    firm.context.run(
      { actor: { type: 'user', id: tenant, label: `Somebody of ${tenant}` }, metadata: { tenant } },
      work,
    );

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

  return {
    get firm() {
      return firm;
    },
    /** Of the order. */
    get id() {
      return id;
    },
    /** The revision that opened it. */
    get opened() {
      return opened;
    },
    post,
    as,
    plan: (body: object, access: AuditAccess) => post(`/entities/order/${id}/restore-plan`, body, access),
    change: (tenant: string, values: Partial<Order>) =>
      as(tenant, async () => {
        const em = firm.orm.em.fork();
        em.assign(await em.findOneOrFail(Order, id), values as object);
        await em.flush();
      }),
  };
}
