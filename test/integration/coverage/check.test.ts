import { beforeAll, describe, expect, it } from '@jest/globals';
import { AuditBaseline, AuditCheck, type CheckFinding, InvalidCoverageError } from 'nestjs-mikro-audit';
import { Nurse, Patient, useHospital, Ward } from './use-hospital.js';

/** A fault that something plants behind the back of the trail, and what the check says of it. */
interface Fault {
  readonly title: string;
  readonly sql: string;
  readonly found: readonly string[];
  /** What is left of it when the corrections are written; by default nothing. */
  readonly left?: readonly string[];
}

const FAULTS: readonly Fault[] = [
  {
    title: 'a value edited in the table',
    sql: `update patient set name = 'Mallory' where id = 1`,
    found: ['differs Patient 1 name "Xaver II" "Mallory" since 7'],
  },
  {
    title: 'a value set to null',
    sql: `alter table patient alter name drop not null; update patient set name = null where id = 2`,
    found: ['differs Patient 2 name "Yvonne" null since 5'],
  },
  {
    title: 'a masked value set to null',
    sql: 'alter table patient alter diagnosis drop not null; update patient set diagnosis = null where id = 2',
    found: ['differs Patient 2 diagnosis {"$mask":{"kind":"redact"}} null since 5'],
  },
  {
    title: 'a reference that leads elsewhere',
    sql: `insert into ward (id, name) values (9, 'Nowhere'); update patient set ward_id = 9 where id = 2`,
    found: ['not-recorded Ward 9', 'differs Patient 2 ward 1 9 since 5'],
  },
  {
    title: 'a row inserted into the table',
    sql: `insert into nurse (id, name) values (7, 'Mallory')`,
    found: ['not-recorded Nurse 7'],
  },
  {
    title: 'a row deleted from the table, with its links',
    sql: `delete from patient_nurses where patient_id = 1; delete from patient where id = 1`,
    found: ['gone Patient 1 since 7'],
  },
  {
    title: 'a link added to the table',
    sql: 'insert into patient_nurses (patient_id, nurse_id) values (1, 2)',
    found: ['differs Patient 1 nurses {"$links":["1"]} {"$links":["1","2"]} since 4'],
  },
  {
    title: 'links removed from the table',
    sql: 'delete from patient_nurses where patient_id = 2',
    found: ['differs Patient 2 nurses {"$links":["1","2"]} {"$links":[]} since 5'],
  },
  {
    title: 'a table that was emptied',
    sql: 'truncate patient_nurses, nurse',
    found: [
      'gone Nurse 1 since 2',
      'gone Nurse 2 since 3',
      'differs Patient 1 nurses {"$links":["1"]} {"$links":[]} since 4',
      'differs Patient 2 nurses {"$links":["1","2"]} {"$links":[]} since 5',
    ],
  },
  {
    title: 'a create removed from the trail',
    sql: 'delete from audit_change where id = 3',
    found: ['not-recorded Nurse 2'],
  },
  {
    title: 'an update removed from the trail',
    sql: 'delete from audit_change where id = 6',
    found: ['contradiction Patient 1 name "Xaver" "Xaver I" since 4'],
  },
  {
    title: 'the newest update removed from the trail',
    sql: 'delete from audit_change where id = 7',
    found: ['differs Patient 1 name "Xaver I" "Xaver II" since 6'],
  },
  {
    title: 'a delete removed from the trail',
    sql: `delete from audit_change where operation = 'delete'`,
    found: ['gone Ward 3 since 8'],
  },
  {
    title: 'a create edited in the trail',
    sql: `update audit_change set after = jsonb_set(after, '{name}', '"Yves"') where id = 5`,
    found: ['differs Patient 2 name "Yves" "Yvonne" since 5'],
  },
  {
    title: 'a before edited in the trail',
    sql: `update audit_change set before = '{"name": "Nobody"}' where id = 7`,
    found: ['contradiction Patient 1 name "Xaver I" "Nobody" since 6'],
  },
  {
    title: 'an after edited in the trail',
    sql: `update audit_change set after = '{"name": "Nobody"}' where id = 6`,
    found: ['contradiction Patient 1 name "Nobody" "Xaver I" since 6'],
  },
  {
    title: 'the state of a delete edited in the trail',
    sql: `update audit_change set before = jsonb_set(before, '{name}', '"Nobody"') where operation = 'delete'`,
    found: ['contradiction Ward 3 name "West" "Nobody" since 8'],
    left: ['contradiction Ward 3 name "West" "Nobody" since 8'],
  },
  {
    title: 'a change moved to another entity',
    sql: `update audit_change set entity_id = '2' where id = 7`,
    found: [
      'differs Patient 1 name "Xaver I" "Xaver II" since 6',
      'contradiction Patient 2 name "Yvonne" "Xaver I" since 5',
      'differs Patient 2 name "Xaver II" "Yvonne" since 7',
    ],
  },
  {
    title: 'a change that is there twice',
    sql: `insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, before, after)
      select actor_type, outcome, entity_type, entity_id, operation, before, after from audit_change where id = 2`,
    found: ['contradiction Nurse 1 since 2'],
  },
  {
    title: 'a delete made up in the trail',
    sql: `insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, before)
      select actor_type, outcome, entity_type, entity_id, 'delete', after from audit_change where id = 2`,
    found: ['not-recorded Nurse 1'],
  },
  {
    title: 'an entity made up in the trail',
    sql: `insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, after)
      values ('unknown', 'success', 'Nurse', '99', 'create', '{"id": 99, "name": "Ghost"}')`,
    found: ['gone Nurse 99 since 10'],
  },
  {
    title: 'the whole trail of a class removed',
    sql: `delete from audit_change where entity_type = 'Nurse'`,
    found: ['not-recorded Nurse 1', 'not-recorded Nurse 2'],
  },
];

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
    const { position } = await check.run();
    await plant(
      `update nurse set name = 'Mallory' where id = 1; update ward set name = 'South' where id = 1`,
    );
    const em = app.orm.em.fork();
    (await em.findOneOrFail(Nurse, 2)).name = 'Berta';
    (await em.findOneOrFail(Ward, 1)).name = 'East';
    await em.flush();
    const since = await check.run({ since: position });
    expect(since).toMatchObject({ entities: 2, rows: 0 });
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

  it('refuses options that cannot be', async () => {
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
