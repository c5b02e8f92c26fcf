import { afterEach, describe, expect, it } from '@jest/globals';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import { Case } from '../../support/fixtures/law-firm.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';
import { listen } from './live-events.js';
import { readsOf } from './read-records.js';

/** Far more text than the sockets of both sides hold. */
const CHANGES = 6_000;

describe.each(ADAPTERS)('connections on %s', (adapter) => {
  let firm: LawFirmApp;
  const open = async (path: string, access: AuditAccess = EVERYTHING) => {
    const ending = new AbortController();
    const response = await fetch(firm.base + path, {
      headers: { 'x-access': JSON.stringify(access) },
      signal: ending.signal,
    });
    expect(response.status).toBe(200);
    return { response, abort: () => ending.abort() };
  };
  const add = async (): Promise<string> => {
    const em = firm.orm.em.fork();
    em.create(Case, { tenant: 'a', title: 'New' });
    await firm.context.run({ metadata: { tenant: 'a' } }, () => em.flush());
    const { items } = await firm.reader.revisions({ operation: 'create', limit: 1 });
    return items[0]?.id ?? '';
  };
  afterEach(() => firm?.close());

  it('to streams of events end when the app closes, also of one that is about to open', async () => {
    let hooksRan = () => {};
    const hooks = new Promise<void>((resolve) => {
      hooksRan = resolve;
    });
    firm = await createLawFirmApp(adapter, {
      // Waiting for kept connections would never end.
      configure: (nest) => {
        nest.getHttpServer().keepAliveTimeout = 3_600_000;
      },
      providers: [{ provide: 'after-hooks', useValue: { beforeApplicationShutdown: () => hooksRan() } }],
    });
    const streams = await Promise.all([open('/events'), open('/events'), open('/events')]);
    const readers = streams.map(({ response }) => textOf(response));
    for (const reader of readers) {
      expect((await reader.next()).done).toBe(false);
    }
    // The fourth has asked, but the trail does not answer until the hooks of the app have run.
    const guard = firm.orm.em.fork();
    await guard.begin();
    await guard.execute('lock table audit_change in access exclusive mode');
    const late = fetch(`${firm.base}/events`, { headers: { 'x-access': JSON.stringify(EVERYTHING) } });
    await untilSomebodyWaits(firm);
    const closed = firm.app.close();
    await hooks;
    await guard.rollback();
    await closed;
    for (const reader of [...readers, textOf(await late)]) {
      while (!(await reader.next()).done);
    }
  });

  it('that clients give up are polled no more', async () => {
    firm = await createLawFirmApp(adapter, { options: { sequencer: true } });
    for (const { abort } of await Promise.all([open('/events'), open('/events'), open('/events')])) {
      abort();
    }
    // Another one, whose statements can be told from theirs because it sees a part of the trail only.
    const access: AuditAccess = {
      permissions: ['list'],
      entities: { case: { within: { metadata: { tenant: 'a' } } } },
    };
    let added = '';
    let isQuiet = false;
    await listen(firm, {
      access,
      whenOpen: async () => {
        added = await add();
      },
      isEnough: async (ids) => {
        if (ids.includes(added)) {
          const polls = firm.statements.take().filter((sql) => sql.includes('as matches'));
          isQuiet = polls.length > 0 && polls.every((sql) => sql.includes('(r.metadata ->'));
          added = await add();
        }
        return isQuiet;
      },
    });
    expect(isQuiet).toBe(true);
  });

  it('of exports that clients give up read no further, and leave the pool to others', async () => {
    firm = await createLawFirmApp(adapter, { poolMax: 1 });
    await firm.orm.em.getConnection().execute(
      `with said as (insert into audit_change (actor_type, outcome) values ('system', 'success') returning id, recorded_at)
       insert into audit_change (revision_id, recorded_at, actor_type, entity_type, entity_id, operation, after)
       select said.id, said.recorded_at, 'system', 'case', n, 'create', jsonb_build_object('title', repeat('x', 5000))
       from said, generate_series(1, ${CHANGES}) n`,
    );
    for (const format of ['ndjson', 'csv']) {
      const { response, abort } = await open(`/export?format=${format}`);
      const reader = response.body?.getReader();
      await reader?.read();
      abort();
      await expect(reader?.read()).rejects.toThrow();
    }
    await firm.get('/changes?limit=1').expect(200);
    const ended = async () => (await readsOf(firm)).filter(({ action }) => action === 'audit.export-ended');
    while ((await ended()).length < 2) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { outcome, metadata } of await ended()) {
      expect(outcome).toBe('failure');
      expect(metadata).toMatchObject({ trailRead: { ended: 'aborted' } });
      expect(JSON.stringify(metadata)).toMatch(/"count":(?:\d{1,3}|[1-5]\d{3})\b/);
    }
  });
});

async function* textOf({ body }: Response): AsyncGenerator<string> {
  for await (const piece of body ?? []) {
    const text = Buffer.from(piece).toString();
    if (text.trim() !== '') {
      yield text;
    }
  }
}

/** Until a statement of the app waits for a lock. */
async function untilSomebodyWaits({ orm }: LawFirmApp): Promise<void> {
  for (;;) {
    const rows = await orm.em
      .fork()
      .execute(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
    if (rows.length > 0) {
      return;
    }
  }
}
