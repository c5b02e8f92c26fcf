import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';
import { writeTwoTenants } from './two-tenants.js';

describe.each(ADAPTERS)('a reader on %s', (adapter) => {
  let firm: LawFirmApp;
  /** Of the revisions of tenant `b`. */
  let foreign: readonly string[];

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter);
    foreign = await writeTwoTenants(firm);
  });
  afterAll(() => firm?.close());

  describe('from whom values are hidden', () => {
    const blind: AuditAccess = {
      ...EVERYTHING,
      entities: {
        '*': { within: 'all' },
        case: { within: 'all', hidden: ['title', 'extra.badge', 'fee'] },
        client: { within: 'all', hidden: ['name'] },
      },
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
        expect([path, /Secret of|Badge 1234|7311\.00|Client of/.exec(text)?.[0]]).toEqual([path, undefined]);
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
          entities: {
            '*': { within: 'all', ...others },
            ...entities,
            topic: { within: 'all', hidden: ['name'] },
          },
        }),
      ).toBeNull();
      // A label of the client would tell which of them a hidden relation leads to.
      expect(
        await labelsOf({
          ...EVERYTHING,
          entities: { '*': { within: 'all' }, case: { within: 'all', hidden: ['client'] } },
        }),
      ).toEqual({
        own: 'Secret of a',
        targets: { topics },
      });
    });

    it.each([
      'entity=case&property=title',
      'entity=case&property=extra.badge',
      'entity=case&property=extra',
      'entity=case&value=fee:to:gt:"1"',
      'entity=case&value=extra.badge:to:eq:"Badge 1234"',
      'entity=client&value=name',
    ])('cannot search them by %s', async (query) => {
      expect((await firm.get(`/changes?${query}`, blind)).status).toBe(403);
      expect((await firm.get(`/export?${query}`, blind)).status).toBe(403);
      expect((await firm.get(`/changes?${query}`)).status).toBe(200);
    });

    it('cannot guess them by searching texts, nor by past states', async () => {
      for (const text of ['secret', 'badge 1234', '7311', 'client of']) {
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
    const clerk: AuditAccess = {
      permissions: ['list', 'history', 'export'],
      entities: { case: { within: 'all' } },
    };

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
