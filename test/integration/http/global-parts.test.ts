import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CallHandler,
  type INestApplication,
  type NestInterceptor,
  type VersioningOptions,
  VersioningType,
} from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { Case } from '../../support/fixtures/law-firm.js';
import { sequence } from '../../support/sequenced.js';
import { ensureViewerBuilt } from '../../support/viewer-build.js';
import { ADAPTERS, type Adapter, createLawFirmApp, type LawFirmApp } from './law-firm-app.js';
import { listen } from './live-events.js';

class WrapEverything implements NestInterceptor {
  intercept(_execution: unknown, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data) => ({ success: true, data })));
  }
}

const VERSIONS: readonly (readonly [title: string, options: VersioningOptions])[] = [
  ['a header', { type: VersioningType.HEADER, header: 'x-version', defaultVersion: '1' }],
  ['the URI', { type: VersioningType.URI, defaultVersion: '1' }],
  ['the media type', { type: VersioningType.MEDIA_TYPE, key: 'v=', defaultVersion: '1' }],
];

type Part = readonly [adapter: Adapter, title: string, configure: (app: INestApplication) => unknown];

const PARTS: readonly Part[] = [
  ...ADAPTERS.map(
    (adapter): Part => [
      adapter,
      'that wraps every answer',
      (app) => app.useGlobalInterceptors(new WrapEverything()),
    ],
  ),
  // Nest treats versions the same on every adapter.
  ...VERSIONS.map(
    ([title, options]): Part => [
      'express',
      `with versions in ${title}`,
      (app) => app.enableVersioning(options),
    ],
  ),
];

describe.each(PARTS)('in an app on %s %s, the trail', (adapter, _title, configure) => {
  let firm: LawFirmApp;
  let revisionId: string;

  beforeAll(async () => {
    const viewer = { folder: await ensureViewerBuilt() };
    firm = await createLawFirmApp(adapter, { configure, http: { viewer } });
    const em = firm.orm.em.fork();
    em.create(Case, { tenant: 'a', title: 'first' });
    await em.flush();
    const [change] = (await firm.reader.changes()).items;
    revisionId = String(change?.revision.id);
  });
  afterAll(() => firm.close());

  it('answers as everywhere', async () => {
    const { body } = await firm.get('/changes').expect(200);
    expect(body.items).toHaveLength(1);
    const revision = await firm.get(`/revisions/${revisionId}`).expect(200);
    expect(revision.body).toMatchObject({ id: revisionId, changes: [{ operation: 'create' }] });
    await firm
      .get(`/revisions/${revisionId}`)
      .set('if-none-match', String(revision.headers.etag))
      .expect(304, '');
  });

  it('exports its formats', async () => {
    const { text, headers } = await firm.download('/export?format=ndjson');
    expect(headers.get('content-type')).toContain('application/x-ndjson');
    expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({ operation: 'create' });
  });

  it('tells events with the ids after which a stream goes on', async () => {
    const em = firm.orm.em.fork();
    const ids: string[] = [];
    for (const title of ['second', 'third']) {
      em.create(Case, { tenant: 'a', title });
      await em.flush();
      ids.push(String((await firm.reader.changes({ limit: 1 })).items[0]?.revision.id));
    }
    await sequence(firm.app);
    const [first, second] = ids;
    const events = await listen(firm, {
      headers: { 'last-event-id': revisionId },
      isEnough: (heard) => heard.includes(second ?? ''),
    });
    expect(events).toMatchObject(ids.map((id) => ({ id, data: { id, counts: { case: 1 } } })));
    const next = await listen(firm, {
      headers: { 'last-event-id': first ?? '' },
      isEnough: (heard) => heard.length > 0,
    });
    expect(next[0]?.id).toBe(second);
  });

  it('opens its viewer, without any version', async () => {
    const { text } = await firm.get('/ui/').expect(200);
    expect(text).toContain('<base href="./">');
  });

  it('tells problems', async () => {
    const { body } = await firm.get('/changes?nonsense=1').expect(400);
    expect(body).toMatchObject({ status: 400 });
    await firm.get('/no/such/route').expect(404);
  });
});
