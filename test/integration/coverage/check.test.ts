import { beforeAll, describe, expect, it } from '@jest/globals';
import { AuditBaseline, AuditCheck, type CheckFinding, InvalidCoverageError } from 'nestjs-mikro-audit';
import { untilNothingOpen } from '../../support/until-nothing-open.js';
import { FAULTS } from './check-faults.js';
import { Nurse, Patient, useHospital, Ward } from './use-hospital.js';

describe('a check', () => {
  const { app, admit } = useHospital();
  let check: AuditCheck;

  beforeAll(() => {
    check = app.app.get(AuditCheck);
  });

  /** Changes 1 to 5 create, 6 and 7 rename a patient, 8 and 9 create and delete a ward. */
  async function tell(): Promise<void> {
    await admit();
    const em = app.orm.em.fork();
    const patient = await em.findOneOrFail(Patient, 1);
    for (const name of ['Xaver I', 'Xaver II']) {
      patient.name = name;
      await em.flush();
    }
    const ward = em.create(Ward, { id: 3, name: 'West' });
    await em.flush();
    em.remove(ward);
    await em.flush();
  }

  async function plant(sql: string): Promise<void> {
    app.skipOracle();
    await app.orm.em
      .getConnection()
      .execute(`set session_replication_role = replica; ${sql}; reset session_replication_role`);
  }

  it('finds nothing in what is right, and says how much it has looked at', async () => {
    await tell();
    expect(await check.run()).toEqual({
      entities: 6,
      changes: 9,
      rows: 5,
      counts: { 'not-recorded': 0, gone: 0, differs: 0, contradiction: 0 },
      findings: [],
      corrected: 0,
      position: expect.stringMatching(/^\d+$/),
      complete: true,
    });
  });

  it.each(FAULTS)(
    'finds $title, and corrects it without changing what is recorded',
    async ({ sql, found, left = [] }) => {
      await tell();
      await plant(sql);
      const before = await trail();
      const report = await check.run();
      expect(report.findings.map(printed).sort()).toEqual([...found].sort());
      expect(report.findings).toHaveLength(
        Object.values(report.counts).reduce((sum, count) => sum + count, 0),
      );

      const corrected = await check.run({ record: { reason: 'Found by the nightly check.' } });
      expect(corrected.corrected).toBe(
        left.length > 0 ? 0 : new Set(found.map((text) => text.split(' ', 3).slice(1).join())).size,
      );
      expect((await check.run()).findings.map(printed)).toEqual(left);
      const after = await trail();
      expect(after.slice(0, before.length)).toEqual(before);
      for (const { action, reason } of after.slice(before.length)) {
        expect([action, reason]).toEqual(['audit.correct', 'Found by the nightly check.']);
      }
    },
  );

  function trail(): Promise<readonly { readonly action: string; readonly reason: string }[]> {
    return app.orm.em.getConnection().execute('select * from audit_change order by id');
  }

  it('shows no value that the policy hides', async () => {
    await tell();
    await plant(`update audit_change set after = jsonb_set(after, '{diagnosis}', '"gout"') where id = 5;
      update patient set diagnosis = 'flu' where id = 2`);
    expect(JSON.stringify(await check.run())).not.toMatch(/gout|flu/);
  });

  it('looks only at what was written since a position, or at a sample', async () => {
    await tell();
    await untilNothingOpen(app.orm.em.fork());
    const { position } = await check.run();
    await plant(
      `update nurse set name = 'Mallory' where id = 1; update ward set name = 'South' where id = 1`,
    );
    const em = app.orm.em.fork();
    (await em.findOneOrFail(Nurse, 2)).name = 'Berta';
    (await em.findOneOrFail(Ward, 1)).name = 'East';
    await em.flush();
    const since = await check.run({ since: position });
    expect(since.entities).toBe(2);
    expect(since.rows).toBe(0);
    expect(since.findings.map(printed)).toEqual(['contradiction Ward 1 name "North" "South" since 1']);
    const sample = await check.run({ sample: 0.5 });
    expect(sample.entities).toBeGreaterThan(0);
    expect(sample.entities).toBeLessThan(6);
  });

  it('goes on where it was ended', async () => {
    await tell();
    await plant(`insert into nurse (id, name) values (7, 'Mallory')`);
    const stop = new AbortController();
    let resume = '';
    const first = await check.run({
      signal: stop.signal,
      onProgress: (progress) => {
        resume = progress.resume;
        stop.abort();
      },
    });
    expect(first.complete).toBe(false);
    const rest = await check.run({ resume });
    expect(rest).toMatchObject({ complete: true, counts: { 'not-recorded': 1 } });
    expect(first.entities + rest.entities).toBe(6);
  });

  it('needs a baseline for what is older than the trail, and nothing after it', async () => {
    await admit();
    await app.oracle.forget();
    expect((await check.run()).counts).toMatchObject({ 'not-recorded': 5 });
    await app.app.get(AuditBaseline).run();
    expect((await check.run()).findings).toEqual([]);
  });

  it('refuses invalid options', async () => {
    for (const options of [
      { sample: 0 },
      { sample: 2 },
      { since: 'yesterday' },
      { resume: 'here' },
      { resume: '["Other","trail",null]' },
      { maxFindings: -1 },
      { record: { reason: '' } },
    ]) {
      await expect(check.run(options)).rejects.toThrow(InvalidCoverageError);
    }
  });
});

function printed({ kind, entityType, entityId, path, trail, found, since }: CheckFinding): string {
  const values = [trail, found].flatMap((value) => (value === undefined ? [] : JSON.stringify(value)));
  return [
    kind,
    entityType,
    entityId,
    ...(path === null ? [] : [path, ...values]),
    ...(since ? ['since', since.changeId] : []),
  ].join(' ');
}
