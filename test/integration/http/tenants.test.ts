import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import { Case } from '../../support/fixtures/law-firm.js';
import { ADAPTERS, createLawFirmApp, type LawFirmApp } from './law-firm-app.js';
import { writeTwoTenants } from './two-tenants.js';

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
    foreign = await writeTwoTenants(firm);
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
});
