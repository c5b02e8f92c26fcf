import { describe, expect, it } from '@jest/globals';
import { Country, Membership, MembershipNote, Person, Team } from '../../support/fixtures/company.js';
import { verbOf } from '../../support/statement-log.js';
import { useCompany } from './use-company.js';

const { app, lastChange } = useCompany();

describe('keys', () => {
  it('composite keys of foreign keys, and a foreign key to them', async () => {
    const person = app.em.create(Person, { name: 'p' });
    const team = app.em.create(Team, { name: 't' });
    const membership = app.em.create(Membership, { person, team, role: 'r' });
    await app.em.flush();
    const note = app.em.create(MembershipNote, { text: 'n', membership });
    await app.em.flush();
    membership.role = 's';
    note.text = 'm';
    await app.em.flush();
    expect(await lastChange(Membership, [person.id, team.id])).toEqual({
      operation: 'update',
      before: { role: 'r' },
      after: { role: 's' },
    });
    expect((await app.reader.history(MembershipNote, note.id)).items.at(-1)?.after).toMatchObject({
      membership: [person.id, team.id],
    });
    app.em.remove(note);
    app.em.remove(membership);
    await app.em.flush();
  });

  it('a key that changes is recorded under the key it had', async () => {
    const country = app.em.create(Country, { code: 'aa', name: 'A' });
    await app.em.flush();
    country.code = 'bb';
    await app.em.flush();
    expect(await lastChange(Country, 'aa')).toMatchObject({
      operation: 'update',
      before: { code: 'aa' },
      after: { code: 'bb' },
    });
  });

  it('the lock version is recorded with the change that moves it', async () => {
    const country = app.em.create(Country, { code: 'aa', name: 'A' });
    await app.em.flush();
    app.statements.take();
    for (const name of ['B', 'C']) {
      country.name = name;
      await app.em.flush();
    }
    expect(app.statements.take().map(verbOf)).toEqual([
      ...['begin', 'update', 'audit', 'commit'],
      ...['begin', 'update', 'audit', 'commit'],
    ]);
    expect(await lastChange(Country, 'aa')).toEqual({
      operation: 'update',
      before: { name: 'B', version: 2 },
      after: { name: 'C', version: 3 },
    });
  });
});
