import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../../support/fixtures/law-firm.js';
import { ANNA, CHANGED_FIELDS, openCase } from './case-story.js';
import { ADAPTERS, createLawFirmApp, type LawFirmApp } from './law-firm-app.js';
import { expectProblem, PROBLEMS, SEARCHES } from './requests.js';

describe.each(ADAPTERS)('the routes on %s', (adapter) => {
  let firm: LawFirmApp;
  /** Of the revisions that created and changed the case. */
  let ids: readonly string[];

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter);
    await openCase(firm);
    const { items } = await firm.reader.revisions({ order: 'oldest' });
    ids = items.map(({ id }) => id);
    await firm.oracle.verify();
  });
  afterAll(() => firm?.close());

  it("list the reader's permissions and the audited entities", async () => {
    const { body } = await firm.get('/access', {
      permissions: ['history'],
      entities: { case: { within: 'all', hidden: ['place'] } },
    });
    expect(body.permissions).toEqual({
      list: false,
      history: true,
      values: false,
      export: false,
      restore: false,
      coverage: false,
    });
    expect(body.entities.map(({ type }: { readonly type: string }) => type)).toEqual(['case']);
    const { body: all } = await firm.get('/access');
    const [note, legal_case] = ['note', 'case'].map((name) =>
      all.entities.find(({ type }: { readonly type: string }) => type === name),
    );
    expect(note).toMatchObject({ partOfType: 'case', permissions: { restore: true } });
    expect(legal_case.properties).toEqual(
      expect.arrayContaining([
        { path: 'dueAt', kind: 'scalar', type: 'Date', targetType: null, masked: false, hidden: false },
        { path: 'account', kind: 'scalar', type: 'string', targetType: null, masked: true, hidden: false },
        {
          path: 'extra',
          kind: 'json',
          type: expect.any(String),
          targetType: null,
          masked: false,
          hidden: false,
        },
        expect.objectContaining({ path: 'place.city', kind: 'scalar' }),
        expect.objectContaining({ path: 'client', kind: 'to-one', targetType: 'client' }),
        expect.objectContaining({ path: 'topics', kind: 'to-many', targetType: 'topic' }),
      ]),
    );
  });

  it('show values of every kind as JSON', async () => {
    const { body, status } = await firm.get('/changes?entity=case&operation=create');
    expect(status).toBe(200);
    const [change] = body.items;
    expect(change).toMatchObject({
      entityType: 'case',
      entityId: '1',
      partOfType: null,
      partOfId: null,
      labels: { own: 'First', targets: { client: { 1: 'Acme' }, topics: { 1: 'tax' } } },
      revision: { id: ids[0], actor: ANNA, action: 'case.open', reason: 'Called in' },
    });
    expect(new Date(change.revision.recordedAt).toISOString()).toBe(change.revision.recordedAt);
    const after = Object.fromEntries(
      change.fields.map((field: { readonly path: string; readonly after: unknown }) => [
        field.path,
        field.after,
      ]),
    );
    expect(after).toEqual({
      id: 1,
      tenant: 'a',
      title: 'First',
      fee: '10.50',
      total: '9007199254740993',
      dueAt: '2027-01-01T00:00:00.000Z',
      seal: { $binary: Buffer.from('seal').toString('base64') },
      account: { $masked: 'last4', value: '3000' },
      extra: { gate: 'B', list: [1, 2] },
      'place.street': 'Quay',
      'place.city': 'Kiel',
      client: 1,
      topics: [1],
    });
  });

  it.each([
    '/changes?entity=case&operation=create&',
    '/entities/case/1/history?order=oldest&',
    '/entities/case/1/history-with-parts?order=oldest&',
  ])('say who, when and why, and with details from where: %s', async (path) => {
    const { body: briefly } = await firm.get(`${path}details=false`);
    const { body: whole } = await firm.get(`${path}details=true`);
    const { body: byDefault } = await firm.get(path.slice(0, -1));
    expect(byDefault).toEqual(briefly);
    expect(Object.keys(briefly.items[0].revision)).toEqual([
      'id',
      'recordedAt',
      'actor',
      'onBehalfOf',
      'action',
      'reason',
      'restoredRevisionId',
    ]);
    const { body: revision } = await firm.get(`/revisions/${ids[0]}`);
    expect(revision).toMatchObject(whole.items[0].revision);
    expect(Object.keys(whole.items[0].revision)).toEqual(
      expect.arrayContaining(['outcome', 'origin', 'correlationId', 'traceId', 'metadata']),
    );
    expect((await firm.get(`${path}details=1`)).status).toBe(400);
  });

  it('page through changes and revisions by cursors', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await firm.get(`/changes?limit=2&order=oldest${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ id }: { readonly id: string }) => id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual((await firm.reader.changes({ order: 'oldest' })).items.map(({ id }) => id));
    const { body } = await firm.get('/revisions?limit=1');
    expect(body).toMatchObject({
      items: [{ id: ids[1], counts: { case: 1 } }],
      nextCursor: expect.any(String),
    });
  });

  it.each(SEARCHES)('find changes by %s', async (query, types) => {
    const { body, status } = await firm.get(`/changes?${query}`);
    expect([status, body.items?.map((each: { readonly entityType: string }) => each.entityType)]).toEqual([
      200,
      types,
    ]);
  });

  it('show a revision, with a tag that saves sending it again', async () => {
    const first = await firm.get(`/revisions/${ids[1]}`);
    expect(first.body).toMatchObject({
      id: ids[1],
      changes: [{ entityType: 'case', fields: CHANGED_FIELDS }],
    });
    expect(first.headers['cache-control']).toBe('no-store');
    const tag = first.headers.etag ?? '';
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await firm.get(`/revisions/${ids[1]}`).set('if-none-match', known);
      expect([again.status, again.text]).toEqual([304, '']);
    }
    const other = await firm.get(`/revisions/${ids[0]}`).set('if-none-match', tag);
    expect(other.status).toBe(200);
  });

  it('show a revision of many changes in pages', async () => {
    const em = firm.orm.em.fork();
    for (let n = 0; n < 1_001; n++) {
      em.create(Client, { tenant: 'many', name: `client ${n}` });
    }
    await em.flush();
    const { items } = await firm.reader.revisions({ limit: 1 });
    const path = `/revisions/${items[0]?.id}`;
    const { body: revision } = await firm.get(path);
    const idsOf = (changes: readonly { readonly id: string }[]) => changes.map(({ id }) => Number(id));
    expect(revision.changes).toHaveLength(500);
    const seen = idsOf(revision.changes);
    let cursor: string | null = revision.nextCursor;
    while (cursor !== null) {
      const { body } = await firm.get(`${path}/changes?limit=300&cursor=${cursor}`);
      seen.push(...idsOf(body.items));
      cursor = body.nextCursor;
    }
    const { body: first } = await firm.get(`${path}/changes`);
    expect(idsOf(first.items)).toEqual(seen.slice(0, 50));
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
    expect(new Set(seen).size).toBe(1_001);
    const few = await firm.get(`/changes?revisionId=${items[0]?.id}&order=oldest&limit=2`);
    expect(idsOf(few.body.items)).toEqual(seen.slice(0, 2));
    expect((await firm.get(`/revisions/${ids[1]}`)).body.nextCursor).toBeNull();
    expect((await firm.get('/revisions/999999/changes')).status).toBe(404);
  });

  it.each(PROBLEMS)('answer %s with a problem', async (path, status, parameter) => {
    const response = await firm.get(path);
    expectProblem(response, status, parameter);
  });
});
