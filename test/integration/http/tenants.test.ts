import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import { Case, Client, Note, Salary, Topic } from '../../support/fixtures/law-firm.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

const tenant = (name: string): AuditAccess => {
  const within = { metadata: { tenant: name } };
  return {
    permissions: ['list', 'history', 'values', 'export', 'restore'],
    entities: { case: { within }, client: { within }, note: { within } },
  };
};

describe.each(ADAPTERS)('a reader on %s', (adapter) => {
  let firm: LawFirmApp;
  /** Of the revisions of tenant `b`. */
  let foreign: readonly string[];

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter);
    for (const name of ['a', 'b', 'b']) {
      const em = firm.orm.em.fork();
      await firm.context.run({ metadata: { tenant: name } }, async () => {
        const client = em.create(Client, { tenant: name, name: `Client of ${name}` });
        const one = em.create(Case, {
          tenant: name,
          title: `Secret of ${name}`,
          fee: '7311.00',
          extra: { badge: '1234', gate: `Gate ${name}` },
          client: ref(client),
        });
        one.topics.add(em.create(Topic, { name: `Topic of ${name}` }));
        em.create(Note, { text: `Note of ${name}`, case: ref(one) });
        em.create(Salary, { amount: 4711 });
        await em.flush();
        one.title = `Secret of ${name}, again`;
        await em.flush();
      });
    }
    const all = await firm.reader.revisions({ order: 'oldest' });
    foreign = all.items.filter(({ metadata }) => metadata?.tenant === 'b').map(({ id }) => id);
  });
  afterAll(() => firm?.close());

  describe('of one tenant', () => {
    const a = tenant('a');

    it('sees its own in every list, and nothing of another', async () => {
      for (const path of [
        '/changes?limit=500',
        '/revisions?limit=500',
        '/changes?text=secret&entity=case',
        '/export?format=csv',
        '/export?format=ndjson',
        '/activity?from=2000-01-01T00:00:00Z',
        '/entities/case/latest?id=1&id=2',
        '/entities/case/states?at=2999-01-01T00:00:00Z&id=2&id=1',
        '/entities/case/states?at=2999-01-01T00:00:00Z',
        '/changes?partOf=case:1',
        '/entities/case/1/history-with-parts',
      ]) {
        const { text } = await firm.download(path, a);
        expect([path, /of b|Gate b|"b"|salary|4711/.test(text)]).toEqual([path, false]);
        expect([path, /of a|Gate a|"case":|"manifest"/.test(text)]).toEqual([path, true]);
      }
      const { body: counts } = await firm.get('/counts?by=entity', a);
      expect(counts).toEqual({
        items: [
          { entityType: 'case', entityId: '1', changes: 2, revisions: 2 },
          { entityType: 'client', entityId: '1', changes: 1, revisions: 1 },
          { entityType: 'note', entityId: '1', changes: 1, revisions: 1 },
        ],
        groups: 3,
        changes: 4,
        countedFrom: null,
      });
      const { body } = await firm.get('/revisions?order=oldest', a);
      expect(body.items.map(({ counts }: { readonly counts: unknown }) => counts)).toEqual([
        { case: 1, client: 1, note: 1 },
        { case: 1 },
      ]);
    });

    it('gets nothing for the ids of another', async () => {
      const [revision = ''] = foreign;
      const expected: readonly (readonly [string, number, object?])[] = [
        ['/entities/case/2/history', 200, { items: [], nextCursor: null }],
        ['/entities/case/2/history-with-parts', 200, { items: [], nextCursor: null }],
        ['/entities/case/2/state?at=2999-01-01T00:00:00Z', 200, { state: null }],
        ['/entities/case/2/diff?from=2000-01-01T00:00:00Z&to=2999-01-01T00:00:00Z', 200, { fields: [] }],
        ['/entities/case/2/blame', 200, { properties: null }],
        ['/entities/case/latest?id=2', 200, { items: [null] }],
        ['/entities/case/states?at=2999-01-01T00:00:00Z&id=2', 200, { items: [null], nextCursor: null }],
        ['/entities/salary/latest?id=1', 403],
        ['/changes?entity=case&id=2', 200, { items: [], nextCursor: null }],
        ['/changes?partOf=case:2', 200, { items: [], nextCursor: null }],
        [
          '/entities/case/states?at=2999-01-01T00:00:00Z&where.tenant="b"',
          200,
          { items: [], nextCursor: null },
        ],
        ['/changes?text=gate%20b&entity=case', 200, { items: [], nextCursor: null }],
        ['/changes?entity=case&value=title:to:eq:"Secret of b"', 200, { items: [], nextCursor: null }],
        [`/changes?restoredRevisionId=${revision}`, 200, { items: [], nextCursor: null }],
        [`/revisions/${revision}`, 404],
        [`/revisions/${revision}/changes`, 404],
        [`/changes?revisionId=${revision}`, 200, { items: [], nextCursor: null }],
        [`/entities/case/1/state?revision=${revision}`, 400],
        [`/entities/case/1/diff?from=revision:${revision}&to=2999-01-01T00:00:00Z`, 400],
        ['/entities/salary/1/history', 403],
        ['/changes?entity=salary', 403],
        ['/export?entity=salary', 403],
      ];
      for (const [path, status, body] of expected) {
        const response = await firm.get(path, a);
        expect([path, response.status]).toEqual([path, status]);
        if (body) {
          expect([path, response.body]).toEqual([path, body]);
        }
      }
      const foreignRevision = await firm.get(`/revisions/${revision}`, a);
      const noRevision = await firm.get('/revisions/999999', a);
      expect(foreignRevision.body).toEqual(noRevision.body);
    });

    it('gets nothing for the cursors of another', async () => {
      for (const path of [
        '/changes?limit=1',
        '/revisions?limit=1',
        '/entities/case/states?at=2999-01-01T00:00:00Z&limit=1',
      ]) {
        const { body } = await firm.get(path, tenant('b'));
        expect(typeof body.nextCursor).toBe('string');
        const stolen = await firm.get(`${path}&cursor=${body.nextCursor}`, a);
        expect([path, stolen.status, stolen.body.parameter]).toEqual([path, 400, 'cursor']);
        expect((await firm.get(`${path}&cursor=${body.nextCursor}`, tenant('b'))).status).toBe(200);
      }
    });
  });

  describe('of one entity and what is part of it', () => {
    it('sees that and nothing else', async () => {
      const within = { partOf: [{ entity: Case, id: 1 }] };
      // A policy is code: classes do not come over a header.
      const own = await firm.reader.changes({ within });
      expect(new Set(own.items.map(({ entityType }) => entityType))).toEqual(new Set(['case', 'note']));
    });
  });

  describe('from whom values are hidden', () => {
    const blind: AuditAccess = {
      ...EVERYTHING,
      entities: { '*': {}, case: { hidden: ['title', 'extra.badge', 'fee'] }, client: { hidden: ['name'] } },
    };

    it('does not see them anywhere', async () => {
      for (const path of [
        '/changes?limit=500',
        '/entities/case/1/history',
        '/entities/case/1/history-with-parts',
        '/entities/case/1/state?at=2999-01-01T00:00:00Z&populate=client,notes.case',
        '/entities/case/states?at=2999-01-01T00:00:00Z',
        '/entities/case/1/diff?from=2000-01-01T00:00:00Z&to=2999-01-01T00:00:00Z',
        '/entities/case/1/blame',
        '/entities/client/1/history',
        `/revisions/${foreign[0]}`,
        '/export?format=csv',
        '/export?format=ndjson',
      ]) {
        const { text } = await firm.download(path, blind);
        expect([path, /Secret of|1234|7311|Client of/.exec(text)?.[0]]).toEqual([path, undefined]);
        expect([path, text.includes('$hidden')]).toEqual([path, true]);
      }
      const { body } = await firm.get(
        '/entities/case/1/state?at=2999-01-01T00:00:00Z&populate=client',
        blind,
      );
      expect(body.state).toMatchObject({
        title: { $hidden: true },
        extra: { badge: { $hidden: true }, gate: 'Gate a' },
        client: { name: { $hidden: true }, tenant: 'a' },
      });
    });

    it('sees the labels that are made of nothing hidden, of links too', async () => {
      const labelsOf = async (access: AuditAccess) => {
        const { body } = await firm.get('/changes?entity=case&operation=create&order=oldest&limit=1', access);
        return body.items[0].labels;
      };
      const topics = { 1: 'Topic of a' };
      expect(await labelsOf(EVERYTHING)).toEqual({
        own: 'Secret of a',
        targets: { client: { 1: 'Client of a' }, topics },
      });
      expect(await labelsOf(blind)).toEqual({ own: null, targets: { topics } });
      const { '*': others, ...entities } = blind.entities as Record<string, object>;
      expect(
        await labelsOf({
          ...blind,
          entities: { '*': { ...others }, ...entities, topic: { hidden: ['name'] } },
        }),
      ).toBeNull();
    });

    it.each([
      'entity=case&property=title',
      'entity=case&property=extra.badge',
      'entity=case&property=extra',
      'entity=case&value=fee:to:gt:"1"',
      'entity=case&value=extra.badge:to:eq:"1234"',
      'entity=client&value=name',
    ])('cannot search them by %s', async (query) => {
      expect((await firm.get(`/changes?${query}`, blind)).status).toBe(403);
      expect((await firm.get(`/export?${query}`, blind)).status).toBe(403);
      expect((await firm.get(`/changes?${query}`)).status).toBe(200);
    });

    it('cannot guess them by searching texts, nor by past states', async () => {
      for (const text of ['secret', '1234', '7311', 'client of']) {
        const { body } = await firm.get(`/changes?text=${encodeURIComponent(text)}`, blind);
        expect([text, body.items]).toEqual([text, []]);
        const { body: all } = await firm.get(`/changes?text=${encodeURIComponent(text)}`);
        expect([text, all.items.length > 0]).toEqual([text, true]);
      }
      const { body: notes } = await firm.get('/changes?text=note%20of%20a', blind);
      expect(notes.items).toHaveLength(1);
      const { body: tenants } = await firm.get('/changes?text=b&entity=case&operation=create', blind);
      expect(tenants.items).toHaveLength(2);
      const past = '/entities/case/states?at=2999-01-01T00:00:00Z&where.fee="7311.00"';
      expect((await firm.get(past, blind)).status).toBe(403);
    });
  });

  describe('who may not see values', () => {
    const clerk: AuditAccess = { permissions: ['list', 'history', 'export'], entities: { case: {} } };

    it('sees that something was changed, by whom and when, but not to what', async () => {
      const { body } = await firm.get('/entities/case/1/history?limit=1', clerk);
      expect(body.items[0]).toMatchObject({
        fields: [{ path: 'title', before: { $hidden: true }, after: { $hidden: true } }],
        labels: null,
      });
      const { text } = await firm.download('/export?format=csv', clerk);
      expect(text).not.toMatch(/Secret|Gate|7311\.00/);
      expect((await firm.get('/changes?text=secret', clerk)).body.items).toEqual([]);
    });

    it.each([
      '/entities/case/1/blame',
      '/entities/case/1/state?at=2999-01-01T00:00:00Z',
      '/entities/case/states?at=2999-01-01T00:00:00Z',
      '/entities/case/1/diff?from=2000-01-01T00:00:00Z&to=2999-01-01T00:00:00Z',
      '/changes?entity=case&value=title:to:eq:"x"',
      '/changes?entity=case&property=title',
    ])('may not ask %s', async (path) => {
      expect((await firm.get(path, clerk)).status).toBe(403);
    });
  });
});
