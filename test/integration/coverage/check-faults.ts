/** A fault that something plants behind the back of the trail, and what the check says of it. */
interface Fault {
  readonly title: string;
  readonly sql: string;
  readonly found: readonly string[];
  /** The findings that are left when the corrections are written; by default none. */
  readonly left?: readonly string[];
}

/** Of the trail that `check.test.ts` tells. */
export const FAULTS: readonly Fault[] = [
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
    title: 'a baseline of what is told already',
    sql: `insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, after)
      select actor_type, outcome, entity_type, entity_id, 'baseline', after from audit_change where id = 2`,
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
