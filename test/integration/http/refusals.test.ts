import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuditHttpModule } from 'nestjs-mikro-audit/http';
import { ADAPTERS, createLawFirmApp, HeaderPolicy, type LawFirmApp } from './law-firm-app.js';
import { fill, namedActor, readsOf } from './read-records.js';
import { expectProblem } from './requests.js';

const MOST = 3;
const LISTING = {
  permissions: ['list'],
  entities: { case: { within: 'all' } },
} as const;
const TOO_MANY = /^You were refused 3 times within a minute: ask again in \d+ seconds\.$/;

describe.each(ADAPTERS)('a reader who is refused all the time on %s', (adapter) => {
  let firm: LawFirmApp;
  let seen = 0;
  let readers = 0;
  /** Reads recorded since the test began. */
  const recorded = async () => (await readsOf(firm)).slice(seen);
  const newReader = () => {
    readers += 1;
    return `reader ${readers}`;
  };
  const ask = async (user: string, path: string) =>
    firm.get(path, path === '/export' ? LISTING : undefined).set('x-user', user);
  const statuses = async (user: string, ...paths: readonly string[]) => {
    const found: number[] = [];
    for (const path of paths) {
      found.push((await ask(user, path)).status);
    }
    return found;
  };

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter, {
      options: { ...namedActor, sequencer: true },
      http: { limits: { refusals: MOST } },
    });
    await fill(firm);
  });
  afterAll(() => firm?.close());
  beforeEach(async () => {
    seen = (await readsOf(firm)).length;
  });

  it('is answered no more, which the trail tells once', async () => {
    const eve = newReader();
    expect(await statuses(eve, '/export', '/revisions/999999', '/export')).toEqual([403, 404, 403]);
    expectProblem(await ask(eve, '/export'), 429, undefined);
    expect(await statuses(eve, '/export', '/changes', '/revisions/1', '/access')).toEqual([
      429, 429, 429, 200,
    ]);
    expect(await recorded()).toMatchObject([
      {
        outcome: 'denied',
        metadata: { trailRead: { detail: 'You may not export changes of the audit trail.' } },
      },
      { outcome: 'failure' },
      { outcome: 'denied' },
      {
        actor: { id: eve },
        action: 'audit.export',
        outcome: 'denied',
        metadata: { trailRead: { detail: expect.stringMatching(TOO_MANY) } },
      },
    ]);
  });

  it("stands in nobody else's way", async () => {
    const [eve, anna] = [newReader(), newReader()];
    expect(await statuses(eve, '/export', '/export', '/export', '/export')).toEqual([403, 403, 403, 429]);
    expect(await statuses(anna, '/changes', '/export')).toEqual([200, 403]);
  });

  it('is answered again once the minute is over, and counted anew', async () => {
    const eve = newReader();
    const paths = ['/export', '/export', '/export', '/export', '/changes'];
    expect(await statuses(eve, ...paths)).toEqual([403, 403, 403, 429, 429]);
    const now = performance.now.bind(performance);
    const later = jest.spyOn(performance, 'now').mockImplementation(() => now() + 60_000);
    try {
      expect(await statuses(eve, '/changes', ...paths)).toEqual([200, 403, 403, 403, 429, 429]);
    } finally {
      later.mockRestore();
    }
    expect((await recorded()).map(({ outcome }) => outcome)).toEqual([
      ...Array(4).fill('denied'),
      'success',
      ...Array(4).fill('denied'),
    ]);
  });

  it('gains nothing by asking all at once', async () => {
    const eve = newReader();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(eve, '/export')));
    const found = Map.groupBy(answers, ({ status }) => status);
    expect([found.get(403)?.length, found.get(429)?.length]).toEqual([MOST, 20 - MOST]);
    expect(await recorded()).toHaveLength(MOST + 1);
  });

  it('is told by the address, where it is nobody', async () => {
    const found: number[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      found.push((await firm.get('/export', LISTING)).status);
    }
    expect(found).toEqual([403, 403, 403, 429, 429]);
    expect(await recorded()).toHaveLength(MOST + 1);
  });

  it('is not turned away before the trail has it', async () => {
    const eve = newReader();
    expect(await statuses(eve, '/export', '/export', '/export')).toEqual([403, 403, 403]);
    const connection = firm.orm.em.getConnection();
    await connection.execute('alter table audit_change rename to away');
    try {
      expect(await statuses(eve, '/export', '/changes')).toEqual([500, 500]);
    } finally {
      await connection.execute('alter table away rename to audit_change');
    }
    expect(await statuses(eve, '/changes', '/changes')).toEqual([429, 429]);
    expect(await recorded()).toMatchObject([
      {},
      {},
      {},
      { action: 'audit.search', metadata: { trailRead: { detail: expect.stringMatching(TOO_MANY) } } },
    ]);
  });
});

it('is refused a hundred times, where the app says nothing', async () => {
  const firm = await createLawFirmApp('express', { http: { limits: {} } });
  try {
    const answers = await Promise.all(Array.from({ length: 101 }, () => firm.get('/export', LISTING)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(100).fill(403), 429]);
  } finally {
    await firm.close();
  }
});

it('is refused as often as it likes where that leaves nothing in the trail', async () => {
  const firm = await createLawFirmApp('express', {
    http: { recordTrailReads: ['restore'], limits: { refusals: 1 } },
  });
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await firm.get('/export', LISTING).expect(403);
    }
    expect(await readsOf(firm)).toEqual([]);
  } finally {
    await firm.close();
  }
});

it.each([0, 100_001, 1.5])('may not be refused %j times', (refusals) => {
  expect(() => AuditHttpModule.forRoot({ access: new HeaderPolicy(), limits: { refusals } })).toThrow(
    'refusals',
  );
});
