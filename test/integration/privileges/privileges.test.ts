import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AuditRecorder, auditPrivileges } from 'nestjs-mikro-audit';
import { Client } from 'pg';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { Case, lawFirm, lawFirmOracle, Note, Topic } from '../../support/fixtures/law-firm.js';
import { sequenced } from '../../support/sequenced.js';
import { covered, evidence, MemoryPublisher, newKey } from '../evidence/sealing-app.js';
import { bootSequenceApp } from '../sequence/sequence-app.js';
import { ATTEMPTS, type Role } from './attempts.js';

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
