import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Revision } from 'nestjs-mikro-audit';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import { Case } from '../../support/fixtures/law-firm.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';
import { fill, namedActor, readsOf } from './read-records.js';

describe.each(ADAPTERS)('who reads the trail on %s', (adapter) => {
  let firm: LawFirmApp;
  let seen = 0;
  /** Reads recorded since the test began. */
  const recorded = async () => (await readsOf(firm)).slice(seen);

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter, { options: { ...namedActor, sequencer: true } });
    await fill(firm);
  });
  afterAll(() => firm?.close());
  beforeEach(async () => {
    seen = (await readsOf(firm)).length;
  });

  it.each([
    ['/changes?entity=case&id=1&limit=5', 'audit.search', { query: { entity: 'case', id: '1', limit: '5' } }],
    ['/revisions?entity=case&entity=note', 'audit.search', { query: { entity: ['case', 'note'] } }],
    ['/activity?from=2000-01-01T00:00:00Z', 'audit.activity', { query: { from: '2000-01-01T00:00:00Z' } }],
    ['/counts?by=actor', 'audit.counts', { query: { by: 'actor' } }],
    ['/entities/case/latest?id=1&id=2', 'audit.latest', { entityType: 'case', query: { id: ['1', '2'] } }],
    ['/revisions/1', 'audit.revision', { revisionId: '1' }],
    ['/entities/case/1/history', 'audit.history', { entityType: 'case', entityId: '1' }],
    ['/entities/case/1/history-with-parts', 'audit.history', { entityType: 'case', entityId: '1' }],
    [
      '/entities/case/1/state?at=2999-01-01T00:00:00Z',
      'audit.state',
      { entityType: 'case', entityId: '1', query: { at: '2999-01-01T00:00:00Z' } },
    ],
    [
      '/entities/case/states?at=2999-01-01T00:00:00Z&where.tenant="a"',
      'audit.state',
      { entityType: 'case', query: { at: '2999-01-01T00:00:00Z', 'where.tenant': '"a"' } },
    ],
    [
      '/entities/case/1/diff?from=revision:1&to=revision:3',
      'audit.diff',
      { entityType: 'case', entityId: '1', query: { from: 'revision:1', to: 'revision:3' } },
    ],
    ['/entities/case/1/blame', 'audit.blame', { entityType: 'case', entityId: '1' }],
    ['/export/manifest?entity=case', 'audit.export-manifest', { query: { entity: 'case' } }],
  ])('is recorded with what was asked: %s', async (path, action, trailRead) => {
    await firm.get(path).set('x-user', 'anna').expect(200);
    expect(await recorded()).toMatchObject([
      {
        actor: { type: 'user', id: 'anna' },
        action,
        outcome: 'success',
        origin: { method: 'GET' },
        metadata: { trailRead },
      },
    ]);
    expect((await recorded())[0]?.metadata?.trailRead).toEqual(trailRead);
  });

  it('is recorded of a plan to restore; the restore itself is a revision anyway', async () => {
    const post = (path: string, body: object) =>
      request(firm.base).post(path).set('x-access', JSON.stringify(EVERYTHING)).send(body).expect(200);
    const { body: plan } = await post('/entities/case/1/restore-plan', { to: { revision: '1' } });
    const { body: done } = await post('/entities/case/1/restore', { token: plan.token });
    expect(await recorded()).toMatchObject([
      { action: 'audit.plan-restore', metadata: { trailRead: { entityType: 'case', entityId: '1' } } },
    ]);
    expect(await firm.reader.revision(done.revisionId)).toMatchObject({ restoredRevisionId: '1' });
  });

  it('is recorded of an export at its beginning and at its end', async () => {
    await firm.download('/export?format=csv&entity=case');
    const query = { format: 'csv', entity: 'case' };
    expect(await recorded()).toMatchObject([
      { action: 'audit.export', outcome: 'success', metadata: { trailRead: { query } } },
      {
        action: 'audit.export-ended',
        outcome: 'success',
        metadata: { trailRead: { query, ended: 'whole', count: expect.any(Number) } },
      },
    ]);
  });

  it('is recorded when it was denied, with why, and when nothing was found', async () => {
    const listing: AuditAccess = { permissions: ['list'], entities: { case: { within: 'all' } } };
    await firm.get('/export', listing).set('x-user', 'eve').expect(403);
    await firm.get('/changes?entity=salary', listing).set('x-user', 'eve').expect(403);
    await firm.get('/entities/salary/1/blame', listing).set('x-user', 'eve').expect(403);
    await firm.get('/revisions/999999').set('x-user', 'eve').expect(404);
    await request(firm.base)
      .post('/entities/case/1/restore')
      .set('x-access', JSON.stringify(listing))
      .set('x-user', 'eve')
      .send({})
      .expect(403);
    const eve = { type: 'user', id: 'eve' };
    expect(await recorded()).toMatchObject([
      { actor: eve, action: 'audit.export', outcome: 'denied' },
      {
        actor: eve,
        action: 'audit.search',
        outcome: 'denied',
        metadata: {
          trailRead: { query: { entity: 'salary' }, detail: 'You may not list changes of salary.' },
        },
      },
      { actor: eve, action: 'audit.blame', outcome: 'denied', metadata: { trailRead: { entityId: '1' } } },
      { action: 'audit.revision', outcome: 'failure', metadata: { trailRead: { revisionId: '999999' } } },
      { actor: eve, action: 'audit.restore', outcome: 'denied' },
    ]);
  });

  it('is not recorded where nothing of the trail was shown', async () => {
    await firm.get('/changes', null).expect(401);
    await firm.get('/changes?limit=0').expect(400);
    await firm.get('/access').expect(200);
    await firm.get('/nothing').expect(404);
    expect(await recorded()).toEqual([]);
  });

  it('shortens the recorded question, and takes every character', async () => {
    await firm.get(`/changes?action=${'long'.repeat(99)}`).expect(200);
    await firm.get('/changes?entity=%00').expect(400);
    await firm.get('/entities/%00/1/blame').expect(404);
    expect(await recorded()).toMatchObject([
      { metadata: { trailRead: { query: { action: expect.stringMatching(/^(?:long)+lon\u2026$/) } } } },
      { action: 'audit.blame', outcome: 'failure' },
    ]);
    expect(JSON.stringify(await recorded()).length).toBeLessThan(3_000);
  });

  it('is left out of revisions and events, unless it is asked for', async () => {
    await firm.get('/changes').expect(200);
    const [read] = await recorded();
    const idsOf = async (path: string, access?: AuditAccess) =>
      (await firm.get(path, access)).body.items.map(({ id }: Revision) => id);
    const [{ recordedAt = '' } = {}] = (await firm.get('/revisions?order=oldest')).body.items;
    expect(await idsOf('/revisions?limit=500')).not.toContain(read?.id);
    expect(await idsOf(`/revisions?limit=500&from=${recordedAt}`)).not.toContain(read?.id);
    expect(await idsOf('/revisions?limit=500&action=audit.search')).toContain(read?.id);
    const ofTenant = {
      permissions: ['list' as const],
      entities: { case: { within: { metadata: { tenant: 'a' } } } },
    };
    expect(await idsOf('/revisions?limit=500&action=audit.search', ofTenant)).toEqual([]);
  });

  it('is shown to who looks for what was denied or has failed', async () => {
    await firm
      .get('/changes', { permissions: ['history'], entities: { case: { within: 'all' } } })
      .expect(403);
    await firm.get('/revisions/999999').expect(404);
    const actionsOf = async (query: string) =>
      (await firm.get(`/revisions?limit=500&${query}`)).body.items.map(({ action }: Revision) => action);
    expect(await actionsOf('outcome=denied')).toContain('audit.search');
    expect(await actionsOf('outcome=failure')).toContain('audit.revision');
    expect(await actionsOf('outcome=success')).not.toContain('audit.search');
  });

  it('is recorded once of a stream of events, which hears nothing of it', async () => {
    const { items } = await firm.reader.revisions({ order: 'oldest', limit: 1 });
    const listening = new AbortController();
    const response = await fetch(`${firm.base}/events`, {
      headers: { 'x-access': JSON.stringify(EVERYTHING), 'last-event-id': items[0]?.id ?? '' },
      signal: listening.signal,
    });
    let text = '';
    let heard: readonly string[] = [];
    let added = '';
    for await (const piece of response.body ?? []) {
      if (added === '') {
        // Between these two revisions are the reads of this suite, and that of listening.
        await firm.get('/changes').expect(200);
        const em = firm.orm.em.fork();
        em.create(Case, { tenant: 'a', title: 'Third' });
        await em.flush();
        added = (await firm.reader.revisions({ limit: 1 })).items[0]?.id ?? '';
      }
      text += Buffer.from(piece).toString();
      heard = [...text.matchAll(/^id: (\d+)\n/gm)].map(([, id]) => id ?? '');
      if (heard.includes(added)) {
        break;
      }
    }
    listening.abort();
    const reads = await readsOf(firm);
    expect(heard.filter((id) => reads.some((read) => read.id === id))).toEqual([]);
    expect(reads.slice(seen).filter(({ action }) => action === 'audit.follow')).toHaveLength(1);
    await firm.oracle.verify();
  });
});
