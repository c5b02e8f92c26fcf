import { describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import { RestoreConflictError } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Account, Club, Money, odd, Ticket } from './special-mappings.js';

const audited = useAuditedApp({
  entities: odd,
  oracle: {
    entities: [
      { entity: Account, name: 'account' },
      { entity: Ticket, name: 'ticket' },
    ],
  },
});

async function newestRevision(): Promise<string> {
  const { items } = await audited.reader.revisions({ limit: 1 });
  return items[0]?.id ?? '';
}

const execute = (sql: string) => audited.orm.em.fork().getConnection().execute(sql);

describe('special mappings are restored', () => {
  it('a constructor, a custom type, a lazy scalar, a key in place of a reference, links of an unaudited owner', async () => {
    const em = audited.orm.em.fork();
    const twin = em.create(Account, { title: 'twin', balance: new Money(1) });
    await em.flush();
    const account = em.create(Account, {
      title: 'own',
      balance: new Money(250),
      story: ref('long'),
      twin: twin.id,
    });
    account.clubs.add(em.create(Club, { name: 'chess' }), em.create(Club, { name: 'go' }));
    await em.flush();
    const revision = await newestRevision();
    await audited.oracle.verify();
    account.balance = new Money(3);
    account.story = ref('short');
    account.twin = null;
    account.clubs.removeAll();
    await em.flush();
    await audited.oracle.verify();
    await audited.restorer.apply(await audited.restorer.plan(Account, account.id, { to: { revision } }));
    await audited.oracle.verify();
    const isAsBefore = async () => {
      const back = await audited.orm.em
        .fork()
        .findOneOrFail(Account, account.id, { populate: ['clubs', 'story'] as never });
      expect(back).toMatchObject({ title: 'own', balance: new Money(250), twin: twin.id });
      expect(back.story?.unwrap()).toBe('long');
      expect(
        back.clubs
          .getItems()
          .map(({ name }) => name)
          .sort(),
      ).toEqual(['chess', 'go']);
    };
    await isAsBefore();
    const id = account.id;
    const other = audited.orm.em.fork();
    other.remove(await other.findOneOrFail(Account, id));
    await other.flush();
    await audited.restorer.apply(await audited.restorer.planUndelete(Account, id));
    await audited.oracle.verify();
    await isAsBefore();
  });

  it('a tree that a cascade has deleted, level by level', async () => {
    const em = audited.orm.em.fork();
    const root = em.create(Account, { title: 'root', balance: new Money(0) });
    for (const title of ['a', 'b']) {
      const child = em.create(Account, { title, balance: new Money(0), parent: ref(root) });
      em.create(Account, { title: `${title}1`, balance: new Money(0), parent: ref(child) });
    }
    await em.flush();
    const rows = 'select id, title, parent_id from account order by id';
    const was = await execute(rows);
    const fresh = audited.orm.em.fork();
    fresh.remove(fresh.getReference(Account, root.id));
    await fresh.flush();
    expect(await execute(rows)).toEqual([]);
    await audited.restorer.apply(
      await audited.restorer.planUndelete(Account, root.id, { withChildren: true }),
    );
    await audited.oracle.verify();
    expect(await execute(rows)).toEqual(was);
  });

  it('a removed property is left out, and a new one gets its default', async () => {
    audited.skipOracle();
    const em = audited.orm.em.fork();
    const account = em.create(Account, { title: 'own', balance: new Money(1) });
    await em.flush();
    const id = account.id;
    em.remove(account);
    await em.flush();
    // The version before would have written this.
    await execute(`
      update audit_change set entity_type = 'konto',
        before = case when before is null then null else before - '{title,grade}'::text[] || '{"name":"own","iban":"x"}' end,
        after = case when after is null then null else after - '{title,grade}'::text[] || '{"name":"own","iban":"x"}' end`);
    const plan = await audited.restorer.planUndelete(Account, id);
    expect(plan.conflicts.map(({ kind, path, severity }) => [kind, path, severity])).toEqual([
      ['property-gone', 'iban', 'notice'],
      ['changed-since', null, 'notice'],
      ['value-unknown', 'grade', 'notice'],
    ]);
    await audited.restorer.apply(plan);
    expect(await audited.orm.em.fork().findOneOrFail(Account, id)).toMatchObject({
      title: 'own',
      grade: 'new',
    });
  });

  it('but not under a key that the database always makes', async () => {
    const em = audited.orm.em.fork();
    const ticket = em.create(Ticket, { text: 'x' });
    await em.flush();
    const { id } = ticket;
    const revision = await newestRevision();
    ticket.text = 'y';
    await em.flush();
    await audited.restorer.apply(await audited.restorer.plan(Ticket, id, { to: { revision } }));
    await audited.oracle.verify();
    const fresh = audited.orm.em.fork();
    fresh.remove(await fresh.findOneOrFail(Ticket, id));
    await fresh.flush();
    const plan = await audited.restorer.planUndelete(Ticket, id);
    expect(plan.conflicts).toContainEqual(
      expect.objectContaining({ kind: 'computed', path: 'id', severity: 'blocking', acceptable: false }),
    );
    await expect(audited.restorer.apply(plan)).rejects.toThrow(RestoreConflictError);
  });
});

describe('a revision that replaced one row by another is undone', () => {
  it('with the unique value that both had', async () => {
    await execute('create unique index if not exists account_title_key on account (title)');
    const em = audited.orm.em.fork();
    const first = em.create(Account, { title: 'only', balance: new Money(1) });
    await em.flush();
    const id = first.id;
    const second = await em.transactional(async (inner) => {
      inner.remove(await inner.findOneOrFail(Account, id));
      await inner.flush();
      return inner.create(Account, { title: 'only', balance: new Money(2) });
    });
    const revision = await newestRevision();
    await audited.restorer.apply(await audited.restorer.planUndo(revision));
    await audited.oracle.verify();
    expect(await execute('select id from account')).toEqual([{ id: String(id) }]);
    expect(String(second.id)).not.toBe(String(id));
    await execute('drop index account_title_key');
  });
});
