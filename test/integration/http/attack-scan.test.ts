import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import { Case, Client, Note, Salary, Topic } from '../../support/fixtures/law-firm.js';
import { seal } from '../../support/sequenced.js';
import { isSoak } from '../../support/soak.js';
import { evidence, MemoryPublisher, newKey } from '../evidence/sealing-app.js';
import { EARLIER, FOREIGN, HIDDEN, LATER, queriesOf } from './attack-queries.js';
import { type Attempt, answerUntil, describedAttempts, oneOfEach } from './described-routes.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

const OF_A = { within: { metadata: { tenant: 'a' } } };
/** Sees its own tenant, and no topics and salaries. */
const TENANT: AuditAccess = { ...EVERYTHING, entities: { case: OF_A, client: OF_A, note: OF_A } };
/** Sees everybody, but not all of it. */
const BLIND: AuditAccess = {
  ...EVERYTHING,
  entities: {
    case: { within: 'all', hidden: ['title', 'extra.badge', 'client'] },
    client: { within: 'all', hidden: ['name'] },
    note: { within: 'all', permissions: ['list', 'history'] },
  },
};
const NO_RIGHTS: readonly AuditAccess[] = [
  { permissions: [], entities: { '*': { within: 'all' } } },
  { ...EVERYTHING, entities: {} },
  { ...EVERYTHING, entities: { case: { within: 'all', permissions: [] } } },
];

/**
 * Every route that the app describes is attacked with the ids, revisions and tokens of somebody else, and with each of its
 * parameters: a route that is added is attacked from then on.
 */
// Adapters differ in how a request arrives, not in who may see what: the other one in a soak.
describe.each(isSoak ? ADAPTERS : ADAPTERS.slice(0, 1))('every described route on %s', (adapter) => {
  let firm: LawFirmApp;
  let attempts: readonly Attempt[];
  let revisions: readonly string[];

  beforeAll(async () => {
    const sealed = evidence([newKey()], new MemoryPublisher());
    firm = await createLawFirmApp(adapter, { options: { evidence: sealed } });
    for (const tenant of ['a', 'b', 'a']) {
      await write(firm, tenant);
    }
    await seal(firm.app);
    revisions = (await firm.reader.revisions({ order: 'oldest' })).items.map(({ id }) => id);
    attempts = await attemptsOn(firm, revisions);
  });
  afterAll(() => firm?.close());

  const send = async ({ method, path, body }: Attempt, access: AuditAccess | null) => {
    const stop = new AbortController();
    const response = await fetch((await firm.app.getUrl()) + path, {
      method: method.toUpperCase(),
      headers: {
        ...(access === null ? {} : { 'x-access': JSON.stringify(access) }),
        ...(body ? { 'content-type': 'application/json' } : {}),
        'last-event-id': revisions[0] ?? '',
      },
      signal: stop.signal,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const newest = `id: ${revisions.at(-1)}`;
    const answer = isStream ? await answerUntil(newest, response, stop) : await response.text();
    // An export says what was asked for.
    const text = answer.replace(/"query":\{[^}]*\}/, '');
    return { status: response.status, text, cacheControl: response.headers.get('cache-control') ?? '' };
  };

  it('is tried in many ways', () => {
    const routes = new Set(attempts.map(({ method, route }) => `${method} ${route}`));
    expect(routes.size).toBeGreaterThanOrEqual(25);
    expect(attempts.length).toBeGreaterThan(routes.size * 5);
  });

  it('shows nothing of another tenant', async () => {
    for (const attempt of attempts) {
      const { text } = await send(attempt, TENANT);
      expect([attempt, text.includes(FOREIGN)]).toEqual([attempt, false]);
    }
  });

  it('shows nothing of what is hidden, and of nothing made of it', async () => {
    for (const attempt of attempts) {
      const { text } = await send(attempt, BLIND);
      expect([attempt, text.includes(HIDDEN)]).toEqual([attempt, false]);
    }
  });

  it('answers a search for what is hidden as one for what is not there', async () => {
    const searches = attempts.filter(({ path }) => path.includes(HIDDEN));
    expect(searches.length).toBeGreaterThan(5);
    for (const attempt of searches) {
      const [one, other] = await Promise.all([
        send(attempt, BLIND),
        send({ ...attempt, path: attempt.path.replaceAll(HIDDEN, 'NOTHING-LIKE-IT') }, BLIND),
      ]);
      expect([attempt, one.status, plain(one.text)]).toEqual([attempt, other.status, plain(other.text)]);
    }
  });

  it('proves what is asked for, so that there is something to show', async () => {
    const proofs = attempts.filter(({ route }) => /checkpoint|proof$|record$/.test(route));
    const shown = await Promise.all(proofs.map(async (attempt) => (await send(attempt, EVERYTHING)).status));
    expect(shown.filter((status) => status === 200).length).toBeGreaterThan(10);
  });

  it('is closed to nobody and to who has no rights', async () => {
    for (const attempt of oneOfEach(attempts)) {
      expect([attempt, (await send(attempt, null)).status]).toEqual([attempt, 401]);
      for (const access of NO_RIGHTS) {
        expect([attempt, (await send(attempt, access)).status]).toEqual([attempt, 403]);
      }
    }
  });

  it('lets nothing be kept by a cache', async () => {
    for (const attempt of oneOfEach(attempts)) {
      const { cacheControl } = await send(attempt, EVERYTHING);
      expect([attempt, cacheControl]).toEqual([attempt, expect.stringContaining('no-store')]);
    }
  });
});

async function write(firm: LawFirmApp, tenant: string): Promise<void> {
  const mark = tenant === 'b' ? FOREIGN : 'of a';
  const values = {
    actor: { type: 'user', id: mark, label: mark } as const,
    action: mark,
    reason: mark,
    metadata: { tenant, mark },
  };
  await firm.context.run(values, async () => {
    const em = firm.orm.em.fork();
    const client = em.create(Client, { tenant, name: `${HIDDEN} ${mark}` });
    const one = em.create(Case, {
      tenant,
      title: `${HIDDEN} ${mark}`,
      fee: '7311.00',
      extra: { badge: HIDDEN, gate: mark },
      place: { street: mark, city: 'Kiel' },
      client: ref(client),
    });
    one.topics.add(em.create(Topic, { name: `Topic ${mark}` }));
    em.create(Note, { text: `Note ${mark}`, case: ref(one) });
    em.create(Salary, { amount: 4711 });
    await em.flush();
    one.title = `${HIDDEN} ${mark}, again`;
    one.fee = '1.00';
    one.client = null;
    await em.flush();
  });
}

async function attemptsOn(firm: LawFirmApp, revisions: readonly string[]): Promise<readonly Attempt[]> {
  const { nextCursor } = (await firm.get('/changes?limit=1')).body;
  const { token } = await firm.restorer.plan(Case, 2, { to: { revision: revisions[2] ?? '' } });
  return describedAttempts(firm.app, {
    places: ['case', 'client', 'note', 'salary'].flatMap((type) =>
      [1, 2].map((id) => ({ type, id: String(id) })),
    ),
    revisions,
    queries: (names) => queriesOf(names, revisions, nextCursor),
    bodies: [
      {},
      { to: { revision: revisions[2] } },
      { to: { beforeRevision: revisions[3] } },
      { to: { at: EARLIER }, accept: ['still-referenced'], withChildren: true },
      { to: { at: LATER } },
      { accept: ['changed-since', 'target-gone'] },
      { token },
    ],
  });
}

/** Without what tells the one search from the other by itself. */
function plain(text: string): string {
  return text
    .replaceAll(HIDDEN, '?')
    .replaceAll('NOTHING-LIKE-IT', '?')
    .replaceAll(/"exportedAt":"[^"]*"/g, '')
    .replaceAll(/"countedFrom":"[^"]*"/g, '');
}
