import { AssertionError } from 'node:assert';
import { describe, expect, it } from '@jest/globals';
import { AuditBaseline } from 'nestjs-mikro-audit';
import { expectNothingUnrecorded, expectTrailToEqualTables, recordedBy } from 'nestjs-mikro-audit/testing';
import { Nurse, useHospital, Ward } from '../coverage/use-hospital.js';

describe('the trail and the tables', () => {
  const { app, admit } = useHospital();

  const rename = (name: string) => async () => {
    const em = app.orm.em.fork();
    const ward = await em.findOneOrFail(Ward, 1);
    ward.name = name;
    await em.flush();
    return ward.name;
  };
  const renamePast = (name: string) => () => app.orm.em.fork().nativeUpdate(Ward, 1, { name });

  it('are equal where all was flushed', async () => {
    await admit();
    await rename('South')();
    expect(await expectTrailToEqualTables(app.app)).toMatchObject({ entities: 5, rows: 5, changes: 6 });
    expect(await expectNothingUnrecorded(app.app, rename('East'))).toBe('East');
  });

  it('are not equal once something was written past the trail', async () => {
    app.skipOracle();
    await admit();
    await renamePast('South')();
    await app.orm.em.fork().insert(Nurse, { id: 9, name: 'Zoe' });
    const judging = expectTrailToEqualTables(app.app);
    await expect(judging).rejects.toThrow(AssertionError);
    await expect(judging).rejects.toThrow(
      `The trail is not what the tables say.
  - differs: Ward 1, name: trail 'North', found 'South'
  - not-recorded: Nurse 9`,
    );
    expect(await expectTrailToEqualTables(app.app, { entities: ['Patient'] })).toMatchObject({ entities: 2 });
  });

  it('tells the first differences, and how many there are', async () => {
    app.skipOracle();
    const rows = Array.from({ length: 12 }, (_, at) => ({ id: at + 1, name: `Nurse ${at}` }));
    await app.orm.em.fork().insertMany(Nurse, rows);
    await expect(expectTrailToEqualTables(app.app)).rejects.toThrow(
      /not-recorded: Nurse 10\n {2}and 2 more$/,
    );
  });

  it('show work that writes past the trail', async () => {
    app.skipOracle();
    await admit();
    await expect(expectNothingUnrecorded(app.app, renamePast('South'))).rejects.toThrow(
      /^The work has written what the trail does not have\.\n.*'North', found 'South'$/,
    );
  });

  it('show work that suspends auditing', async () => {
    app.skipOracle();
    await admit();
    const suspended = () => app.context.withoutAuditing({ reason: 'import' }, rename('South'));
    await expect(expectNothingUnrecorded(app.app, suspended)).rejects.toThrow(/found 'South'/);
  });

  it('must be equal before the work: fixtures that were not recorded get a baseline', async () => {
    app.skipOracle();
    await app.orm.em.fork().insert(Ward, { id: 1, name: 'North' });
    let runs = 0;
    const work = () => ++runs;
    await expect(expectNothingUnrecorded(app.app, work)).rejects.toThrow(
      /before the work began.*AuditBaseline/,
    );
    expect(runs).toBe(0);
    await app.app.get(AuditBaseline).run();
    expect(await expectNothingUnrecorded(app.app, work)).toBe(1);
  });

  it('are told apart where the work empties them', async () => {
    await admit();
    const { oracle } = app;
    const { changes } = await recordedBy(app.app, async () => {
      await oracle.clear();
      const em = app.orm.em.fork();
      em.create(Ward, { id: 1, name: 'New' });
      await em.flush();
    });
    expect(changes.map(({ operation, after }) => [operation, after?.name])).toEqual([['create', 'New']]);
  });
});
