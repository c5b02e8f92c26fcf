import { beforeAll, describe, expect, it } from '@jest/globals';
import { AuditDoctor, type DoctorFinding } from 'nestjs-mikro-audit';
import { useHospital } from './use-hospital.js';

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
] as const;

describe('the doctor', () => {
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

  it.each(FAULTS)('finds %s', async (_title, sql, code, subject) => {
    app.skipOracle();
    await admit();
    await app.orm.em.getConnection().execute(sql);
    const found = (await findings()).filter((finding) => finding.code === code);
    expect(found).toMatchObject([{ code, subject, remedy: expect.any(String) }]);
  });
});
