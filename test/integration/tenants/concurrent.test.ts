import { describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AGENCIES, Bill, Customer, Line, Rate, Tag } from '../../support/fixtures/agency.js';
import { withTriggers } from '../../support/with-triggers.js';
import { useAgencies } from './use-agencies.js';

const ROUNDS = 6;

describe.each([
  ['by the unit of work', {}],
  ['by the unit of work and by triggers', { orm: withTriggers() }],
] as const)('agencies with equal ids that work at once, recorded %s', (_title, options) => {
  const { app, at, open } = useAgencies({ poolMax: 10, ...options });
  type Agency = (typeof AGENCIES)[number];

  /** The work of one user of an agency on its bill 1, whatever the others do. */
  async function work(agency: Agency, round: number): Promise<void> {
    await at(agency, async (em) => {
      const bill = await em.findOneOrFail(Bill, 1, { populate: ['tags', 'lines'] });
      bill.title = `${agency} ${round}`;
      bill.tags.set(round % 2 === 0 ? [em.getReference(Tag, 1)] : []);
    });
    await at(agency, (em) => em.transactional(async (inner) => renameCustomer(inner, agency, round)));
    await at(agency, async (em) => em.remove(await em.findOneOrFail(Line, { bill: 1, place: 2 })));
    const { restorer } = app;
    await restorer.apply(await restorer.planUndelete(Line, [1, 2], { schema: agency }));
    if ('orm' in options) {
      const em = app.orm.em.fork({ schema: agency });
      await em.nativeUpdate(Bill, { id: 1 }, { number: round });
    }
  }

  async function renameCustomer(em: EntityManager, agency: Agency, round: number): Promise<void> {
    const customer = await em.findOneOrFail(Customer, 1);
    customer.name = `${agency} ${round}`;
    await em.flush();
    customer.phone = String(round);
  }

  /** Other users of an agency, each with a row of its own. */
  async function rename(agency: Agency, id: number): Promise<void> {
    await at(agency, (em) => em.create(Rate, { id, percent: 0 }));
    for (let round = 1; round <= ROUNDS; round += 1) {
      await at(agency, async (em) => {
        (await em.findOneOrFail(Rate, id)).percent = round;
      });
    }
  }

  /** Somebody who works for all agencies, in one transaction. */
  async function workForAll(): Promise<void> {
    for (let round = 1; round <= ROUNDS; round += 1) {
      await app.orm.em.fork().transactional(async (em) => {
        for (const schema of AGENCIES) {
          (await em.findOneOrFail(Rate, 1, { schema })).percent += round;
          await em.flush();
        }
      });
    }
  }

  it('have histories, states and restores of their own, with every change once', async () => {
    await open();
    await Promise.all([
      ...AGENCIES.map(async (agency) => {
        for (let round = 1; round <= ROUNDS; round += 1) {
          await work(agency, round);
        }
      }),
      ...AGENCIES.flatMap((agency) => [2, 3].map((id) => rename(agency, id))),
      workForAll(),
    ]);
    for (const schema of AGENCIES) {
      const { items } = await app.reader.history(Bill, 1, { schema, limit: 100 });
      expect(new Set(items.map(({ entityType }) => entityType))).toEqual(new Set([`Bill@${schema}`]));
      expect(items.map(({ after }) => after?.title).filter((title) => title !== undefined)).toEqual([
        ...Array.from({ length: ROUNDS }, (_, at) => `${schema} ${ROUNDS - at}`),
        `bill of ${schema}`,
      ]);
      for (const id of [1, 2, 3]) {
        const rates = await app.reader.history(Rate, id, { schema, limit: 100 });
        expect(rates.items.map(({ operation }) => operation)).toEqual([
          ...Array.from({ length: ROUNDS }, () => 'update'),
          'create',
        ]);
      }
      const state = await app.reader.asOf(Bill, 1, new Date(Date.now() + 1_000), {
        schema,
        populate: ['customer', 'tags'] as never,
      });
      expect(state).toMatchObject({
        title: `${schema} ${ROUNDS}`,
        customer: { name: `${schema} ${ROUNDS}` },
        tags: [{ name: `tag of ${schema}` }],
      });
      const lines = await app.reader.history(Line, [1, 2], { schema, limit: 100 });
      expect(lines.items.filter(({ operation }) => operation === 'delete')).toHaveLength(ROUNDS);
      expect(lines.items.filter(({ operation }) => operation === 'create')).toHaveLength(ROUNDS + 1);
    }
  });
});
