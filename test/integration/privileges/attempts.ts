/** Roles of the database. */
export type Role = 'owner' | 'writer' | 'reader' | 'relay' | 'sequencer';

const DENIED = 'permission denied';
const [NOT_OF_NOW, NOT_OWNER] = ['none of what happens now', 'must be owner'];

const COPY = `recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id`;
const ROW = `'topic', '1', 'update'`;
const further = (
  brief: string,
  from = 'select * from audit_change where revision_id is null order by id limit 1',
) =>
  `insert into audit_change (revision_id, ${COPY}, entity_type, entity_id, operation) select id, ${brief}, ${ROW} from (${from}) r`;
const OWN = `with first as (
  insert into audit_change (actor_type, outcome, entity_type, entity_id, operation) values ('user', 'success', ${ROW}) returning *
)`;

/** The attempts of each role, and the answer; null where it may. */
export const ATTEMPTS: readonly (readonly [
  what: string,
  sql: string,
  answers: Readonly<Record<Role, string | null>>,
])[] = [
  ['reading changes', 'select * from audit_change', all(null)],
  ['reading reads', 'select * from audit_read', { ...all(null), relay: DENIED }],
  [
    'reading the order and the seals',
    'select * from audit_position, audit_tick, audit_leaf, audit_tree_hash, audit_checkpoint',
    all(null),
  ],
  [
    'giving a position',
    'insert into audit_position values (0, 1)',
    { ...all(DENIED), owner: null, sequencer: null },
  ],
  [
    'sealing',
    `insert into audit_leaf (position, hash) values (0, '\\x00'); insert into audit_tree_hash values (1, 0, '\\x00');
    insert into audit_checkpoint (size, note) values (0, 'x')`,
    { ...all(DENIED), owner: null, sequencer: null },
  ],
  ['changing a seal', `update audit_leaf set hash = '\\x01'`, { ...all(DENIED), owner: null }],
  ['changing a position', 'update audit_position set position = 7', { ...all(DENIED), owner: null }],
  ['forgetting a tick', 'delete from audit_tick', { ...all(DENIED), owner: null }],
  ['changing a row', `update audit_change set reason = 'x'`, { ...all(DENIED), owner: null }],
  ['deleting rows', 'delete from audit_change', { ...all(DENIED), owner: null }],
  ['deleting reads', 'delete from audit_read', { ...all(DENIED), owner: null }],
  ['emptying the table', 'truncate audit_change', { ...all(DENIED), owner: null }],
  ['dropping the table', 'drop table audit_read', { ...all(NOT_OWNER), owner: null }],
  ['disabling the guard', 'alter table audit_change disable trigger all', { ...all(NOT_OWNER), owner: null }],
  [
    'replacing the guard',
    `create or replace trigger audit_change_guard after insert on audit_change execute function suppress_redundant_updates_trigger()`,
    { ...all(DENIED), owner: null },
  ],
  [
    'a rule',
    'create rule r as on insert to audit_change do instead nothing',
    { ...all(NOT_OWNER), owner: null },
  ],
  [
    'locking everybody out',
    'lock table audit_change in access exclusive mode',
    { ...all(DENIED), owner: null },
  ],
  [
    'burning ids',
    `select setval('audit_change_id_seq', 9223372036854775000)`,
    { ...all(DENIED), owner: null },
  ],
  ['taking an id', `select nextval('audit_change_id_seq')`, { ...all(DENIED), owner: null }],
  ['going without triggers', 'set session_replication_role = replica', all(DENIED)],
  [
    'a revision of now',
    `insert into audit_change (actor_type, outcome, action) values ('user', 'success', 'x')`,
    writes(null),
  ],
  [
    'a revision with its id',
    `insert into audit_change (id, actor_type) overriding system value values (1000000, 'user')`,
    writes(DENIED),
  ],
  [
    'a revision of another transaction',
    `insert into audit_change (actor_type, transaction_id) values ('user', '5'::xid8)`,
    { ...writes(DENIED), owner: NOT_OF_NOW },
  ],
  [
    'a revision of the past',
    `insert into audit_change (recorded_at, actor_type) values ('2020-01-01', 'user')`,
    writes(NOT_OF_NOW),
  ],
  [
    'a revision of the future',
    `insert into audit_change (recorded_at, actor_type) values (now() + interval '1 hour', 'user')`,
    writes(NOT_OF_NOW),
  ],
  ['a change of an older revision', further(COPY), writes(NOT_OF_NOW)],
  [
    'a change of no revision',
    further(
      COPY,
      'select 777777 as id, (audit_change).* from (select null::bigint as none) x, lateral (select audit_change from audit_change limit 1) y',
    ).replace(
      '(audit_change).*',
      '(y.audit_change).recorded_at, (y.audit_change).actor_type, (y.audit_change).actor_id, (y.audit_change).actor_label, (y.audit_change).on_behalf_of, (y.audit_change).action, (y.audit_change).reason, (y.audit_change).restored_revision_id',
    ),
    writes(NOT_OF_NOW),
  ],
  ['a further change as it is', `${OWN} ${further(COPY, 'select * from first')}`, writes(null)],
  [
    'a further change of another time',
    `${OWN} ${further(COPY.replace('recorded_at', `'2001-01-01'`), 'select * from first')}`,
    writes(NOT_OF_NOW),
  ],
  [
    'a further change of somebody else',
    `${OWN} ${further(COPY.replace('actor_id', `'boss'`), 'select * from first')}`,
    writes(NOT_OF_NOW),
  ],
  [
    'a further change for another reason',
    `${OWN} ${further(COPY.replace('reason', `'because'`), 'select * from first')}`,
    writes(NOT_OF_NOW),
  ],
  [
    'a further change that is found as a revision',
    `${OWN} ${further(COPY, 'select * from first').replace('revision_id, recorded_at', 'revision_id, correlation_id, recorded_at').replace('select id, recorded_at', `select id, 'x', recorded_at`)}`,
    writes(NOT_OF_NOW),
  ],
  [
    'a read of an older revision',
    `insert into audit_read (entity_type, entity_id, revision_id) select 'topic', '1', min(id) from audit_change`,
    writes(NOT_OF_NOW),
  ],
  [
    'a read of no revision',
    `insert into audit_read (entity_type, entity_id, revision_id) values ('topic', '1', 777777)`,
    writes(NOT_OF_NOW),
  ],
  [
    'a read of now',
    `with action as (insert into audit_change (actor_type, outcome) values ('user', 'success') returning id) insert into audit_read (entity_type, entity_id, revision_id) select 'topic', '1', id from action`,
    writes(null),
  ],
];

function all(answer: string | null): Record<Role, string | null> {
  return { owner: answer, writer: answer, reader: answer, relay: answer, sequencer: answer };
}

/** An owner may insert whatever the guard lets pass. */
function writes(writer: string | null): Record<Role, string | null> {
  return {
    owner: writer === DENIED ? null : writer,
    writer,
    reader: DENIED,
    relay: DENIED,
    sequencer: DENIED,
  };
}
