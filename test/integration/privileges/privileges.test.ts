import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AuditRecorder, auditPrivileges } from 'nestjs-mikro-audit';
import { Client } from 'pg';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { Case, lawFirm, lawFirmOracle, Note, Topic } from '../../support/fixtures/law-firm.js';
import { sequenced } from '../../support/sequenced.js';
import { covered, evidence, MemoryPublisher, newKey } from '../evidence/sealing-app.js';
import { bootSequenceApp } from '../sequence/sequence-app.js';

type Role = 'owner' | 'writer' | 'reader' | 'relay' | 'sequencer';

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
const ATTEMPTS: readonly (readonly [
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

describe('the privileges of the trail', () => {
  let audited: AuditedApp;
  let client: Client;
  let names: Readonly<Record<Role, string>>;

  beforeAll(async () => {
    audited = await createAuditedApp({ entities: lawFirm, oracle: lawFirmOracle });
    const suffix = new URL(audited.url).pathname.slice(-12);
    names = {
      owner: `o_${suffix}`,
      writer: `w "${suffix}`,
      reader: `r_${suffix}`,
      relay: `l_${suffix}`,
      sequencer: `s_${suffix}`,
    };
    client = new Client({ connectionString: audited.url });
    await client.connect();
    for (const name of Object.values(names)) {
      await client.query(`create role ${client.escapeIdentifier(name)} login password 'secret'`);
    }
    await client.query(
      `grant all on all tables in schema public to ${client.escapeIdentifier(names.writer)}`,
    );
    await client.query(
      `grant all on all sequences in schema public to ${client.escapeIdentifier(names.writer)}`,
    );
    const script = auditPrivileges(names);
    // It can be run again.
    await client.query(script);
    await client.query(script);
    await add(audited.orm.em.fork() as EntityManager);
  });
  afterAll(async () => {
    for (const name of Object.values(names).map((one) => client.escapeIdentifier(one))) {
      await client.query(
        `reassign owned by ${name} to current_user; drop owned by ${name}; drop role ${name}`,
      );
    }
    await client?.end();
    await audited?.close();
  });
  afterEach(() => client.query('rollback'));

  it.each(ATTEMPTS)('decide on %s', async (_what, sql, answers) => {
    for (const role of ['owner', 'writer', 'reader', 'relay', 'sequencer'] as const) {
      await client.query(`begin; set local role ${client.escapeIdentifier(names[role])}`);
      const answer = await client.query(sql).then(
        () => null,
        (error: Error) => error.message,
      );
      const expected = answers[role];
      expect([role, answer]).toEqual([role, expected === null ? null : expect.stringContaining(expected)]);
      await client.query('rollback');
    }
  });

  it('are enough for everything that the library writes', async () => {
    const em = audited.orm.em.fork() as EntityManager;
    await asWriter(em, (tx) => add(tx));
    const topic = await em.fork().findOneOrFail(Topic, { name: 'one' });
    await asWriter(em.fork() as EntityManager, async (tx) => {
      tx.assign(await tx.findOneOrFail(Topic, topic.id), { name: 'renamed' });
      await tx.flush();
      await tx.transactional(async (inner) => {
        const legal = inner.create(Case, { tenant: 'a', title: 'in a savepoint' });
        inner.create(Note, { text: 'of it', case: legal });
      });
      tx.remove(await tx.findOneOrFail(Topic, topic.id));
    });
    await asWriter(em.fork() as EntityManager, async (tx) => {
      await audited.app.get(AuditRecorder).record({ action: 'report.export' }, { em: tx });
    });
    await audited.oracle.verify();
  });

  it('are enough for a sequencer that can do nothing else', async () => {
    const url = new URL(audited.url);
    url.username = names.sequencer;
    url.password = 'secret';
    const publisher = new MemoryPublisher();
    const app = await bootSequenceApp(url.href, { evidence: evidence([newKey()], publisher) });
    try {
      await sequenced(audited.app);
      const { rows } = await client.query(
        'select (select count(*)::int from audit_position) as given, (select count(*)::int from audit_change) as written',
      );
      expect(rows[0].given).toBe(rows[0].written);
      await covered(app, rows[0].written);
      expect(publisher.notes).not.toEqual([]);
    } finally {
      await app.close();
    }
  });

  it.each([
    [
      'owns the database, and with it the schema',
      (writer: string) => `alter database current owner to ${writer}`,
    ],
    ['owns the schema', (writer: string) => `alter schema public owner to ${writer}`],
    ['is a member of the owner', (writer: string) => `grant owner to ${writer}`],
    ['is a superuser', (writer: string) => `alter role ${writer} superuser`],
  ])('are refused to a writer who %s, and so could drop the tables or the guard', async (_what, make) => {
    const database = client.escapeIdentifier(new URL(audited.url).pathname.slice(1));
    const sql = make(client.escapeIdentifier(names.writer))
      .replace('current', database)
      .replace('grant owner', `grant ${client.escapeIdentifier(names.owner)}`);
    await client.query(`begin; ${sql}`);
    await expect(client.query(auditPrivileges(names))).rejects.toThrow(
      `audit trail: ${names.writer} could drop the tables`,
    );
  });

  it('say in the catalog what they are', async () => {
    const { rows } = await client.query(
      `select rolcanlogin, pg_get_userbyid(relowner) as owner from pg_class c join pg_roles r on r.oid = c.relowner where relname = 'audit_change'`,
    );
    expect(rows).toEqual([{ rolcanlogin: false, owner: names.owner }]);
  });

  const asWriter = (em: EntityManager, work: (tx: EntityManager) => Promise<unknown>) =>
    em.transactional(async (tx) => {
      await tx.execute(`set local role ${client.escapeIdentifier(names.writer)}`);
      await work(tx as EntityManager);
    });
});

async function add(em: EntityManager): Promise<void> {
  em.create(Topic, { name: 'one' });
  em.create(Topic, { name: 'two' });
  await em.flush();
}

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
