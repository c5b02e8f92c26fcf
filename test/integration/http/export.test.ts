import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import type { Page } from 'nestjs-mikro-audit';
import {
  type AuditAccess,
  AuditExportReader,
  type ExportedChange,
  type ExportManifest,
} from 'nestjs-mikro-audit/http';
import { Case, Client, Topic } from '../../support/fixtures/law-firm.js';
import { ADAPTERS, createLawFirmApp, type LawFirmApp } from './law-firm-app.js';

describe.each(ADAPTERS)('an export on %s', (adapter) => {
  let firm: LawFirmApp;

  async function readBack(text: string): Promise<{ changes: ExportedChange[]; manifest: ExportManifest }> {
    const reading = firm.app.get(AuditExportReader).read(pieces(text));
    const changes: ExportedChange[] = [];
    for (;;) {
      const { done, value } = await reading.next();
      if (done) {
        return { changes, manifest: value };
      }
      if (value.entityType !== null) {
        changes.push(value);
      }
    }
  }

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter);
    const em = firm.orm.em.fork();
    const client = em.create(Client, { tenant: 'a', name: '=1+1' });
    for (let n = 0; n < 700; n += 1) {
      em.create(Case, {
        tenant: n % 2 ? 'a' : 'b',
        title: `Case ${n}, "so-called"\r\n`,
        fee: `${n}.50`,
        total: 9_007_199_254_740_993n + BigInt(n),
        dueAt: new Date(Date.UTC(2027, 0, 1, 0, 0, n)),
        seal: Buffer.from([n % 256, 0, 255]),
        account: 'DE89370400440532013000',
        extra: { n, apiKey: 'secret', text: 'ä{1f600}', ...(n % 3 ? {} : { $date: 'not one' }) },
        place: { city: 'Kiel' },
        client: ref(client),
      });
    }
    await em.flush();
    const [first] = await em.find(Case, { id: 1 }, { populate: ['topics'] });
    first?.topics.add(em.create(Topic, { name: 'tax' }));
    await em.flush();
  });
  afterAll(() => firm?.close());

  it.each(['', '&order=oldest', '&entity=case&operation=create', '&entity=topic'])(
    'as NDJSON reads back as what the query gives (%s)',
    async (query) => {
      const { headers, text } = await firm.download(`/export?format=ndjson${query}`);
      expect(headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
      expect(headers.get('content-disposition')).toMatch(/^attachment; filename="audit-[\dT-]+\.ndjson"$/);
      const { changes, manifest } = await readBack(text);
      const expected: ExportedChange[] = [];
      let cursor: string | null = null;
      do {
        const order = query.includes('oldest') ? 'oldest' : 'newest';
        const filter = query.includes('case')
          ? { entity: [Case], operation: 'create' as const }
          : query.includes('topic')
            ? { entity: [Topic] }
            : {};
        const page: Page<ExportedChange> = await firm.reader.changes({
          ...filter,
          order,
          limit: 500,
          cursor,
          details: true,
        });
        expected.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(changes).toEqual(expected);
      expect(manifest).toMatchObject({
        format: 'ndjson',
        count: expected.length,
        firstId: expected[0]?.id,
        lastId: expected.at(-1)?.id,
      });
      const { body } = await firm.get(`/export/manifest?format=ndjson${query}`);
      expect({ ...body, exportedAt: '' }).toEqual({ ...manifest, exportedAt: '' });
    },
  );

  it('as CSV has a row per property, whose cells no spreadsheet takes for a formula', async () => {
    const { headers, text } = await firm.download('/export?format=csv&entity=client&order=oldest');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const [head, ...rows] = text.split('\r\n');
    expect(head).toBe(
      'revisionId,recordedAt,actorType,actorId,actorLabel,onBehalfOfType,onBehalfOfId,action,reason,outcome,correlationId,' +
        'changeId,operation,entityType,entityId,entityLabel,partOfType,partOfId,path,before,after',
    );
    expect(rows.map((row) => row.split(',').slice(12))).toEqual([
      ['create', 'client', '1', "'=1+1", '', '', 'id', '', '1'],
      ['create', 'client', '1', "'=1+1", '', '', 'name', '', "'=1+1"],
      ['create', 'client', '1', "'=1+1", '', '', 'tenant', '', 'a'],
      [],
    ]);
    const { body: manifest } = await firm.get('/export/manifest?format=csv&entity=client&order=oldest');
    expect(manifest).toMatchObject({
      format: 'csv',
      count: 1,
      sha256: createHash('sha256').update(text).digest('hex'),
      query: { format: ['csv'], entity: ['client'], order: ['oldest'] },
    });
  });

  it('answers an invalid request with a problem, before anything is sent', async () => {
    for (const query of [
      'format=xml',
      'entity=nope',
      'limit=5',
      'cursor=c1',
      'entity=case&value=title:to:gt:[]',
    ]) {
      const response = await firm.get(`/export?${query}`);
      expect([response.status, response.headers['content-type'], response.body.parameter]).toEqual([
        400,
        'application/problem+json; charset=utf-8',
        expect.any(String),
      ]);
    }
  });

  it('shows no hidden value', async () => {
    const access: AuditAccess = {
      permissions: ['list', 'export', 'values'],
      entities: {
        case: { within: 'all', hidden: ['title', 'extra.apiKey', 'fee'] },
        client: { within: 'all', permissions: ['list'] },
      },
    };
    for (const format of ['ndjson', 'csv']) {
      const { text } = await firm.download(`/export?format=${format}`, access);
      expect(text).not.toMatch(/so-called|["',]\d+\.50[",]|1\+1/);
      expect(text).toContain('$hidden');
      expect(text).toContain('Kiel');
    }
    expect((await firm.get('/export?entity=client', access)).status).toBe(403);
  });

  it.each([
    ['cut off in a line', (text: string) => text.slice(0, 50), 'ends within a line'],
    [
      'cut off between lines',
      (text: string) => text.split('\n').slice(0, 1).join('\n').concat('\n'),
      'without its manifest',
    ],
    ['with a value changed', (text: string) => text.replace('"a"', '"b"'), 'not what its manifest says'],
    [
      'with a line left out',
      (text: string) => text.split('\n').slice(1).join('\n'),
      'not what its manifest says',
    ],
    ['with something added', (text: string) => `${text}{"revision":{}}\n`, 'lines after its manifest'],
    ['that is another file', () => 'hello\n', 'a line that is no change'],
  ])('is not read back %s', async (_, change, message) => {
    const { text } = await firm.download('/export?entity=client');
    await expect(readBack(change(text))).rejects.toThrow(message);
  });
});

/** As a network would deliver them: cut anywhere, also within a character. */
async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 1_021) {
    yield bytes.subarray(at, at + 1_021);
  }
}
