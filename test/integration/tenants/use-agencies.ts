import { ref } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import { AGENCIES, AGENCY, Bill, Customer, Line, Rate, Tag } from '../../support/fixtures/agency.js';
import { newestChanges } from '../../support/trail.js';
import { type AuditedSuiteOptions, useAuditedApp } from '../../support/use-audited-app.js';

type Agency = (typeof AGENCIES)[number];

/** Agencies with entities of the same keys, a schema each. */
export function useAgencies(options: Partial<AuditedSuiteOptions> = {}) {
  const app = useAuditedApp({ entities: AGENCY, tenants: AGENCIES, ...options });

  /** Works in the schema of one agency, and flushes. */
  async function at<Result>(
    schema: Agency,
    work: (em: MikroORM['em']) => Result | Promise<Result>,
  ): Promise<Result> {
    const em = app.orm.em.fork({ schema });
    const result = await work(em);
    await em.flush();
    return result;
  }

  /** In each agency customer 1 with bill 1, which has two lines and tag 1, and rate 1. */
  async function open(): Promise<void> {
    for (const agency of AGENCIES) {
      await at(agency, (em) => {
        const customer = em.create(Customer, { id: 1, name: `customer of ${agency}`, phone: '123' });
        const bill = em.create(Bill, {
          id: 1,
          title: `bill of ${agency}`,
          number: 7,
          customer: ref(customer),
        });
        em.create(Line, { bill: ref(bill), place: 1, text: `one of ${agency}` });
        em.create(Line, { bill: ref(bill), place: 2, text: `two of ${agency}` });
        bill.tags.add(em.create(Tag, { id: 1, name: `tag of ${agency}` }));
        em.create(Rate, { id: 1, percent: 5 });
      });
    }
  }

  /** A story in both agencies: acme renames its customer and loses a line, zeta loses everything of its customer. */
  async function tell(): Promise<void> {
    await open();
    await at('acme', async (em) => {
      (await em.findOneOrFail(Customer, 1)).name = 'renamed';
      em.remove(await em.findOneOrFail(Line, { bill: 1, place: 2 }));
    });
    await at('zeta', async (em) => em.remove(await em.findOneOrFail(Customer, 1)));
  }

  const newest = (): Promise<readonly string[]> => newestChanges(app);

  return { app, at, open, tell, newest };
}
