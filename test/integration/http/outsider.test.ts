import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  type CallHandler,
  Catch,
  type ExceptionFilter,
  type INestApplication,
  type NestInterceptor,
  ValidationPipe,
  VersioningType,
} from '@nestjs/common';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import { map, type Observable } from 'rxjs';
import { sequence } from '../../support/sequenced.js';
import { isSoak } from '../../support/soak.js';
import { archive, archiveOracle, Contract, Folder, Keyword, Paper, Party } from './archive.js';
import { EARLIER, FOREIGN, HIDDEN, LATER } from './attack-queries.js';
import { type Attempt, answerUntil, describedAttempts } from './described-routes.js';
import { ADAPTERS, createLawFirmApp, type LawFirmApp } from './law-firm-app.js';
import { queriesOf, READERS } from './outsider-readers.js';

/** Ids of the folders of each tenant. */
const OF_A = 1;
const OF_B = 3;

class WrapEverything implements NestInterceptor {
  intercept(_execution: unknown, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data) => ({ success: true, data })));
  }
}

/** Shows whatever is thrown, as apps do that nobody attacks yet. */
@Catch()
class ShowEverything implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse();
    response.status(500).send({ error: String(error), ...(error as object) });
  }
}

function oddApp(app: INestApplication): void {
  app.setGlobalPrefix('api/v0');
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
  app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }));
  app.useGlobalInterceptors(new WrapEverything());
  app.useGlobalFilters(new ShowEverything());
}

// Adapters differ in how a request arrives, not in who may see what: the other one in a soak.
describe.each(isSoak ? ADAPTERS : ADAPTERS.slice(0, 1))('an odd app on %s', (adapter) => {
  let firm: LawFirmApp;
  let root: string;
  let revisions: readonly string[];

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter, { entities: archive, oracle: archiveOracle, configure: oddApp });
    root = await firm.app.getUrl();
    for (const [id, name] of [
      [OF_A, 'a'],
      [OF_B, 'b'],
      [5, 'a'],
    ] as const) {
      await write(firm, id, name);
    }
    await sequence(firm.app);
    revisions = (await firm.reader.revisions({ order: 'oldest' })).items.map(({ id }) => id);
  });
  afterAll(() => firm?.close());

  const send = async ({ method, path, body }: Attempt, access: AuditAccess) => {
    const stop = new AbortController();
    const response = await fetch(root + path, {
      method: method.toUpperCase(),
      headers: {
        'x-access': JSON.stringify(access),
        'last-event-id': revisions[0] ?? '',
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      signal: stop.signal,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const text = isStream
      ? await answerUntil(`"id":"${revisions.at(-1)}"`, response, stop)
      : await response.text();
    return { status: response.status, text };
  };

  const attempts = (): readonly Attempt[] =>
    describedAttempts(firm.app, {
      places: [
        { type: 'folder', id: '1' },
        { type: 'folder', id: '3' },
        { type: 'paper', id: '1' },
        { type: 'paper', id: '2' },
        { type: 'paper', id: '3' },
        { type: 'paper', id: '4' },
        { type: 'contract', id: '2' },
        { type: 'contract', id: '4' },
      ],
      revisions,
      queries: queriesOf,
      bodies: [
        {},
        { to: { revision: revisions[0] } },
        { to: { revision: revisions[3] }, accept: ['changed-since'] },
        { to: { beforeRevision: revisions.at(-1) } },
        { to: { at: EARLIER }, accept: ['still-referenced', 'changed-since'] },
        { to: { at: EARLIER }, accept: ['still-referenced', 'changed-since'], withChildren: true },
        { to: { at: LATER }, property: ['title', 'remark'] },
        { accept: ['changed-since', 'target-gone', 'entity-gone'] },
      ],
    });

  it.each(READERS)('shows a reader %s nothing else', async (_title, access, never) => {
    let answered = 0;
    for (const attempt of attempts()) {
      const { status, text } = await send(attempt, access);
      answered += Number(status < 300);
      expect([attempt, status, never.filter((canary) => text.includes(canary))]).toEqual([
        attempt,
        status,
        [],
      ]);
      expect([attempt, status < 500]).toEqual([attempt, true]);
    }
    expect(answered).toBeGreaterThan(30);
  });

  it.each(READERS.slice(0, 1))(
    'lets a reader %s change nothing that it does not see',
    async (_title, access, never) => {
      const untouched = () => unseen(firm, never);
      const before = await untouched();
      let applied = 0;
      for (const attempt of attempts().filter(({ method }) => method === 'post')) {
        const { status, text } = await send(attempt, access);
        const { token } = status < 300 ? JSON.parse(text) : { token: undefined };
        if (typeof token === 'string') {
          const answer = await send(
            { ...attempt, path: attempt.path.replace('-plan', ''), body: { token } },
            access,
          );
          applied += Number(answer.status < 300);
          expect(answer.status).toBeLessThan(500);
        }
      }
      expect(await untouched()).toEqual(before);
      expect(applied).toBeGreaterThan(0);
    },
  );
});

/** A folder inside another, a paper and a contract in it, changed once. */
async function write(firm: LawFirmApp, id: number, name: 'a' | 'b'): Promise<void> {
  const mark = name === 'b' ? FOREIGN : 'of a';
  const values = {
    actor: { type: 'user', id: mark, label: mark } as const,
    action: mark,
    reason: mark,
    metadata: { tenant: name, mark },
  };
  await firm.context.run(values, async () => {
    const em = firm.orm.em.fork();
    const outer = em.create(Folder, { id, name: `${HIDDEN} ${mark}`, shelf: `${HIDDEN} ${mark}` });
    const inner = em.create(Folder, { id: id + 1, name: `${HIDDEN} ${mark} inner`, parent: outer });
    const party = Object.assign(new Party(), { name: HIDDEN, phone: mark });
    const common = { remark: HIDDEN, data: { rows: [{ price: HIDDEN, open: mark }] }, parties: [party] };
    const paper = em.create(Paper, { ...common, id, title: `${HIDDEN} ${mark}`, folder: inner });
    em.create(Contract, {
      remark: `${HIDDEN} CANARY-CONTRACT`,
      data: { rows: [{ price: `${HIDDEN} CANARY-CONTRACT`, open: mark }] },
      parties: [Object.assign(new Party(), { name: `${HIDDEN} CANARY-CONTRACT`, phone: mark })],
      id: id + 1,
      title: `${HIDDEN} CANARY-CONTRACT ${mark}`,
      terms: `${HIDDEN} CANARY-CONTRACT`,
      folder: inner,
    });
    paper.keywords.add(em.create(Keyword, { word: `${mark} ${id}` }));
    await em.flush();
    paper.title = `${HIDDEN} ${mark} again`;
    paper.remark = `${HIDDEN} again`;
    inner.shelf = HIDDEN;
    await em.flush();
  });
}

/** The part that a reader does not see: rows of the other tenant, or columns of all. */
async function unseen({ orm }: LawFirmApp, never: readonly string[]): Promise<readonly object[]> {
  const rows = never.includes(FOREIGN) ? 'id in (3, 4)' : 'true';
  const columns = never.includes(FOREIGN) ? '*' : 'id, title, remark, terms';
  const papers = await orm.em
    .getConnection()
    .execute(`select ${columns} from paper where ${rows} order by id`);
  const folders = await orm.em
    .getConnection()
    .execute(
      `select ${never.includes(FOREIGN) ? '*' : 'id, name, shelf'} from folder where ${rows} order by id`,
    );
  return [...papers, ...folders];
}
