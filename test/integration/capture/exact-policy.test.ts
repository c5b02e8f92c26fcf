import { describe, expect, it } from '@jest/globals';
import { Account } from '../../support/fixtures/company.js';
import { trailOf } from '../../support/trail.js';
import { usePeople } from './use-people.js';

const { app } = usePeople();

describe('an exact policy reads always', () => {
  it('and includes changes by others since loading', async () => {
    const account = app.em.create(Account, { owner: 'o' });
    await app.em.flush();
    const [mine, theirs] = [app.orm.em.fork(), app.orm.em.fork()];
    const [here, there] = [
      await mine.findOneOrFail(Account, account.id),
      await theirs.findOneOrFail(Account, account.id),
    ];
    there.balance = 5;
    await theirs.flush();
    here.balance = 7;
    await mine.flush();
    const { items } = await app.reader.history(Account, account.id, { limit: 1 });
    expect(items[0]).toMatchObject({ before: { balance: 5 }, after: { balance: 7 } });
  });

  it('and records no change when the row already had the value', async () => {
    const account = app.em.create(Account, { owner: 'o' });
    await app.em.flush();
    const [mine, theirs] = [app.orm.em.fork(), app.orm.em.fork()];
    const [here, there] = [
      await mine.findOneOrFail(Account, account.id),
      await theirs.findOneOrFail(Account, account.id),
    ];
    there.balance = 5;
    await theirs.flush();
    here.balance = 5;
    await mine.flush();
    expect(await trailOf(app)).toHaveLength(2);
  });

  it('and records the values that a database trigger made', async () => {
    await app.orm.em.getConnection().execute(
      `create or replace function stamp() returns trigger language plpgsql as $$
         begin new.note = new.owner || ':' || new.balance; return new; end $$`,
    );
    await app.orm.em
      .getConnection()
      .execute(
        'create trigger stamp before insert or update on account for each row execute function stamp()',
      );
    try {
      const account = app.em.create(Account, { owner: 'o' });
      await app.em.flush();
      account.balance = 3;
      await app.em.flush();
      const { items } = await app.reader.history(Account, account.id);
      expect(items.map(({ before, after }) => [before, after])).toEqual([
        [
          { balance: 0, note: 'o:0' },
          { balance: 3, note: 'o:3' },
        ],
        [null, { id: account.id, owner: 'o', balance: 0, note: 'o:0' }],
      ]);
      await app.oracle.verify();
    } finally {
      await app.orm.em.getConnection().execute('drop trigger stamp on account');
    }
  });
});
