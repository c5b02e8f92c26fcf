import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditDoctor, type DoctorFinding } from 'nestjs-mikro-audit';
import { isSoak } from '../../support/soak.js';
import { useHospital } from './use-hospital.js';

const SIX_MINUTES = 360_000;

/** Something that is not as it should be, and how the doctor calls it. */
const FAULTS = [
  [
    'a row without a baseline',
    `insert into nurse (id, name) values (9, 'Mallory')`,
    'rows-without-baseline',
    'Nurse',
  ],
  ['a missing index', 'drop index audit_change_entity_idx', 'index-missing', 'audit_change_entity_idx'],
  [
    'an invalid index',
    `update pg_index set indisvalid = false where indexrelid = 'audit_change_type_idx'::regclass`,
    'index-invalid',
    'audit_change_type_idx',
  ],
  [
    'a foreign key rule that only the database has',
    `alter table patient drop constraint patient_ward_id_foreign;
     alter table patient add constraint behind foreign key (ward_id) references ward (id) on delete cascade`,
    'foreign-key-unknown',
    'behind',
  ],
  [
    'a trigger',
    `create function noop() returns trigger language plpgsql as 'begin return new; end';
     create trigger hidden before update on ward for each row execute function noop()`,
    'trigger-unknown',
    'hidden',
  ],
  [
    'a trigger of links',
    'create trigger hidden_too before insert on patient_nurses for each row execute function noop()',
    'trigger-unknown',
    'hidden_too',
  ],
  [
    'a rule of the database for links',
    `alter table patient_nurses drop constraint patient_nurses_nurse_id_foreign;
     alter table patient_nurses add constraint behind_links foreign key (nurse_id) references nurse (id) on delete set null on update cascade`,
    'foreign-key-unknown',
    'behind_links',
  ],
  [
    'a rewrite rule',
    'create rule swallow as on delete to nurse do instead nothing',
    'rule-unknown',
    'swallow',
  ],
  [
    'a grant that the script does not give',
    'create role meddler; grant update on audit_change to meddler; grant insert (id) on audit_change to meddler',
    'grants-excessive',
    '"public"."audit_change" meddler',
  ],
  [
    'an outdated guard',
    `create function old_guard() returns trigger language plpgsql as 'begin return null; end';
     create trigger audit_read_guard after insert on audit_read for each statement execute function old_guard()`,
    'guard-outdated',
    '"public"."audit_read"',
  ],
  [
    'an owner who can log in',
    'create role keeper login; grant create on schema public to keeper; alter table audit_read owner to keeper',
    'owner-can-log-in',
    '"public"."audit_read" keeper',
  ],
  [
    'changes of what no class is called',
    `insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, after)
      values ('unknown', 'success', 'Midwife', '1', 'create', '{"id": 1}'), ('unknown', 'success', 'Midwife@1', '2', 'create', '{"id": 1}')`,
    'entity-unknown',
    'Midwife',
  ],
  [
    'that nobody gives positions',
    `insert into audit_change (actor_type, outcome, action, recorded_at) values ('system', 'success', 'x', now() - interval '10 minutes')`,
    'positions-late',
    'default',
  ],
  [
    'rows that were written with the id of another transaction',
    `insert into audit_tick (number, kind, snapshot, size, system_identifier) values (1, 'late', pg_current_snapshot(), 1, 1)`,
    'rows-late',
    'default',
  ],
] as const;

describe('the doctor', () => {
  // Roles are of the whole cluster, which other suites share.
  afterAll(() =>
    app.orm.em
      .getConnection()
      .execute(
        'drop owned by meddler; drop role meddler; reassign owned by keeper to current_user; drop owned by keeper; drop role keeper',
      ),
  );
  const { app, admit } = useHospital();
  let doctor: AuditDoctor;

  beforeAll(() => {
    doctor = app.app.get(AuditDoctor);
  });
  /** Without the triggers of the oracle. */
  async function findings(): Promise<readonly DoctorFinding[]> {
    return (await doctor.examine()).filter(({ subject }) => subject !== 'AA_shadow');
  }

  it('says what is audited, and what a role may do to the trail', async () => {
    await admit();
    const found = await findings();
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(found.map(({ code, subject }) => `${code} ${subject}`)).toEqual(
      expect.arrayContaining([
        'entity-unaudited Unaudited',
        'property-masked Patient.diagnosis',
        'property-ignored Patient.note',
        'trail-changeable "public"."audit_change"',
        'guard-missing "public"."audit_change"',
        'driver-blind default',
      ]),
    );
    expect(found.find(({ code }) => code === 'versions')?.message).toMatch(/^PostgreSQL \d+.*, Node \d+/);
  });

  it('tells how the trail grows, once it has enough rows', async () => {
    app.skipOracle();
    await admit();
    const growth = async () => (await findings()).find(({ code }) => code === 'growth')?.message;
    expect(await growth()).toMatch(/^It has about \d rows now, .* too little to tell how it grows\.$/);
    await app.orm.em.getConnection().execute(`
      insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, recorded_at)
        select 'unknown', 'success', 'Ward', n, 'update', now() - interval '1 day' * (20 - n / 100.0) from generate_series(1, 2000) n;
      analyze audit_change`);
    expect(await growth()).toMatch(
      /^It grows by about 100 rows and \d+ kB a day: \d+ MB in a year\. It has about 2,00\d rows now, and .* with its indexes\.$/,
    );
  });

  it.each(FAULTS)('finds %s', async (_title, sql, code, subject) => {
    app.skipOracle();
    await admit();
    const planted = expect.objectContaining({ code, subject, remedy: expect.any(String) });
    expect(await findings()).not.toContainEqual(planted);
    await app.orm.em.getConnection().execute(sql);
    expect(await findings()).toContainEqual(planted);
  });

  it('counts the changes under a name that no class has', async () => {
    app.skipOracle();
    await app.orm.em.getConnection().execute(`
      insert into audit_change (actor_type, outcome, entity_type, entity_id, operation)
        select 'unknown', 'success', 'Doula', n, 'create' from generate_series(1, 3) n`);
    const found = (await findings()).find(
      ({ code, subject }) => code === 'entity-unknown' && subject === 'Doula',
    );
    expect(found).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('The trail has 3 changes under this name'),
      remedy: expect.stringContaining('formerly'),
    });
  });

  if (isSoak) {
    it(
      'finds a transaction that is open for more than five minutes',
      async () => {
        const open = app.orm.em.fork();
        await open.begin();
        await open.execute('select pg_current_xact_id()');
        const began = performance.now();
        while (!(await findings()).some(({ code }) => code === 'transaction-old')) {
          await pause(1_000);
        }
        expect(performance.now() - began).toBeGreaterThan(290_000);
        await open.rollback();
        expect((await findings()).some(({ code }) => code === 'transaction-old')).toBe(false);
      },
      SIX_MINUTES,
    );
  }
});
