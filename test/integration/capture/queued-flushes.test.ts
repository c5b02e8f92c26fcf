import { describe, expect, it } from '@jest/globals';
import { Person } from '../../support/fixtures/company.js';
import { useCompany } from './use-company.js';

const { app, lastChange } = useCompany();

/** MikroORM keeps the extra updates of a flush while another one is queued, and carries them out again. */
describe('a flush that waits for another one of the same EntityManager', () => {
  it('does not create once more what refers to itself', async () => {
    const [one, other] = ['a', 'b'].map((name) => app.em.create(Person, { name }));
    Object.assign(one ?? {}, { manager: other });
    Object.assign(other ?? {}, { manager: one });
    await Promise.all([app.em.flush(), app.em.flush()]);
    expect(await lastChange(Person, 1)).toMatchObject({ operation: 'create' });
  });

  it.each(['giver', 'taker'])(
    'records what is stored where the extra update of the %s takes a later change back',
    async (who) => {
      const own = app.orm.em.fork();
      own.create(Person, { name: 'a', email: 'mine' });
      own.create(Person, { name: 'b', email: 'yours' });
      await own.flush();
      const [one, other] = (await app.em.findAll(Person, { orderBy: { id: 1 } })) as [Person, Person];
      const { promise: isSent, resolve } = Promise.withResolvers<void>();
      app.em.getEventManager().registerSubscriber({ beforeTransactionCommit: async () => resolve() });
      one.email = 'free';
      other.email = 'mine';
      const first = app.em.flush();
      await isSent;
      (who === 'giver' ? one : other).email = 'later';
      await Promise.all([first, app.em.flush()]);
      const { email } = await app.orm.em.fork().findOneOrFail(Person, 2);
      expect(email).toBe('mine');
    },
  );
});
