import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  AuditBaseline,
  gapsOf,
  HistoryUnavailableError,
  InvalidCoverageError,
  NotAuditedError,
  systemActor,
} from 'nestjs-mikro-audit';
import { nextMillisecond } from '../../support/next-millisecond.js';
import { Nurse, Patient, Unaudited, useHospital, Ward } from './use-hospital.js';

describe('a baseline', () => {
  const { app, admit: create } = useHospital();
  let baseline: AuditBaseline;

  beforeAll(() => {
    baseline = app.app.get(AuditBaseline);
  });

  /** All of it was there before auditing began. */
  async function admit(): Promise<void> {
    await create();
    await app.oracle.forget();
  }

  it('tells rows and links as they are, under the system and with a reason', async () => {
    await admit();
    const report = await baseline.run({ reason: 'Auditing began.' });
    expect(report).toEqual({
      complete: true,
      entities: [
        { entityType: 'Ward', looked: 1, recorded: 1, locked: [] },
        { entityType: 'Patient', looked: 2, recorded: 2, locked: [] },
        { entityType: 'Nurse', looked: 2, recorded: 2, locked: [] },
      ],
    });
    const { items } = await app.reader.changes({ operation: ['baseline'], entity: Patient, order: 'oldest' });
    expect(
      items.map(({ before, after, partOfType, partOfId }) => ({ before, after, partOfType, partOfId })),
    ).toEqual([
      expect.objectContaining({
        before: null,
        after: expect.objectContaining({ id: 1, name: 'Xaver', ward: 1, nurses: [1] }),
        partOfType: 'Ward',
        partOfId: '1',
      }),
      expect.objectContaining({ after: expect.objectContaining({ nurses: [1, 2] }) }),
    ]);
    const [first] = items;
    expect(first?.after).not.toHaveProperty('note');
    expect(JSON.stringify(first?.after)).not.toContain('gout');
    expect(first?.labels?.targets).toEqual({ ward: { 1: 'North' }, nurses: { 1: 'Anna' } });
    expect(first?.revision).toMatchObject({
      actor: systemActor('audit-baseline'),
      action: 'audit.baseline',
      reason: 'Auditing began.',
    });
  });

  it('is not needed twice, nor by what was created or has a baseline', async () => {
    await admit();
    const em = app.orm.em.fork();
    em.create(Ward, { id: 2, name: 'South' });
    await em.flush();
    expect((await baseline.run()).entities.map(({ recorded }) => recorded)).toEqual([1, 2, 2]);
    app.statements.take();
    expect((await baseline.run()).entities.map(({ recorded }) => recorded)).toEqual([0, 0, 0]);
    expect(app.statements.take().filter((sql) => /^insert|for update|for no key/i.test(sql))).toEqual([]);
  });

  it('makes states, blame, differences and restores know everything from then on', async () => {
    await admit();
    await expect(app.reader.asOf(Patient, 1, new Date())).rejects.toThrow(HistoryUnavailableError);
    const em = app.orm.em.fork();
    const patient = await em.findOneOrFail(Patient, 1);
    patient.name = 'Xaver B.';
    await em.flush();
    await nextMillisecond();
    const before = new Date();
    await nextMillisecond();
    await baseline.run();
    await nextMillisecond();
    const after = new Date();
    await nextMillisecond();
    patient.name = 'Xaver C.';
    patient.nurses.removeAll();
    await em.populate(patient, ['nurses']);
    patient.nurses.removeAll();
    await em.flush();

    const state = await app.reader.asOf(Patient, 1, after, { populate: ['ward', 'nurses'] });
    expect(state).toMatchObject({
      name: 'Xaver B.',
      ward: { id: 1, name: 'North' },
      nurses: [{ id: 1, name: 'Anna' }],
    });
    expect(gapsOf(state as object)).toEqual([]);
    expect(await app.reader.asOf(Patient, 1, before)).toMatchObject({ name: 'Xaver B.', ward: 1 });
    const blame = await app.reader.blame(Patient, 1);
    expect(blame?.map(({ path, operation }) => [path, operation])).toEqual([
      ['id', 'baseline'],
      ['name', 'update'],
      ['diagnosis', 'baseline'],
      ['ward', 'baseline'],
      ['nurses', 'update'],
    ]);
    expect(await app.reader.diff(Patient, 1, { from: after, to: new Date() })).toHaveLength(2);
    expect(await app.reader.findAsOf(Patient, { ward: 1 }, after)).toMatchObject({
      items: [{ id: 1 }, { id: 2 }],
    });

    const plan = await app.restorer.plan(Patient, 1, { to: after });
    expect(plan.conflicts.map(({ kind, path }) => [kind, path])).toEqual([
      ['changed-since', 'name'],
      ['changed-since', 'nurses'],
    ]);
    await app.restorer.apply(plan);
    const back = await app.orm.em.fork().findOneOrFail(Patient, 1, { populate: ['nurses'] });
    expect([back.name, back.nurses.getIdentifiers()]).toEqual(['Xaver B.', [1]]);
  });

  it('does not forget who set a value before it', async () => {
    await admit();
    const em = app.orm.em.fork();
    (await em.findOneOrFail(Patient, 2)).name = 'Yvonne Z.';
    await em.flush();
    await baseline.run({ entities: [Patient] });
    const blame = await app.reader.blame(Patient, 2);
    expect(blame?.find(({ path }) => path === 'name')?.operation).toBe('update');
    expect(blame?.find(({ path }) => path === 'nurses')?.operation).toBe('baseline');
  });

  it('changed nothing, so there is nothing of it to undo', async () => {
    await admit();
    await baseline.run({ entities: ['Ward'] });
    const [revision] = (await app.reader.revisions({ operation: ['baseline'] })).items;
    const plan = await app.restorer.planUndo(revision?.id ?? '');
    expect(plan).toMatchObject({ steps: [], conflicts: [] });
  });

  it('finds what came past the trail, also where the trail has deleted it', async () => {
    const em = app.orm.em.fork();
    const ward = em.create(Ward, { id: 5, name: 'East' });
    await em.flush();
    em.remove(ward);
    await em.flush();
    await app.orm.em.getConnection().execute(`insert into ward (id, name) values (5, 'Back'), (6, 'New')`);
    app.skipOracle();
    expect((await baseline.run({ entities: [Ward] })).entities[0]).toMatchObject({ looked: 2, recorded: 2 });
    expect(await app.reader.asOf(Ward, 5, new Date())).toEqual({ id: 5, name: 'Back' });
  });

  it('takes the rows that conditions name', async () => {
    await admit();
    const report = await baseline.run({ entities: [Patient], where: { name: 'Yvonne' } });
    expect(report.entities).toEqual([{ entityType: 'Patient', looked: 1, recorded: 1, locked: [] }]);
    expect((await app.reader.changes({ entity: Patient })).items.map(({ entityId }) => entityId)).toEqual([
      '2',
    ]);
  });

  it('goes on after it was ended', async () => {
    await admit();
    const stop = new AbortController();
    const first = await baseline.run({
      entities: [Nurse],
      batchSize: 1,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect(first).toMatchObject({ complete: false, entities: [{ recorded: 1 }] });
    expect(await baseline.run({ entities: [Nurse] })).toMatchObject({
      complete: true,
      entities: [{ recorded: 1 }],
    });
  });

  it('keeps to a rate', async () => {
    await admit();
    const began = performance.now();
    await baseline.run({ batchSize: 1, rowsPerSecond: 20, entities: [Patient] });
    expect(performance.now() - began).toBeGreaterThan(95);
  });

  it('refuses invalid options', async () => {
    await expect(baseline.run({ entities: [Unaudited] })).rejects.toThrow(NotAuditedError);
    await expect(baseline.run({ entities: ['Nobody'] })).rejects.toThrow(NotAuditedError);
    for (const options of [
      { batchSize: 0 },
      { rowsPerSecond: 0 },
      { lockWait: -1 },
      { reason: ' ' },
      { instance: 'other' },
      { where: { id: 1 } },
    ]) {
      await expect(baseline.run(options)).rejects.toThrow(InvalidCoverageError);
    }
  });
});
