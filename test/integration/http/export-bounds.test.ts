import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditExportReader, type ExportManifest, type HttpLimits } from 'nestjs-mikro-audit/http';
import { Client } from 'pg';
import { createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

/** More than a batch. */
const ACTIONS = `insert into audit_change (recorded_at, actor_type, actor_id, action, outcome)
select now() + interval '1 second' * (g - 800), 'user', 'u', 'report.print', 'success' from generate_series(1, 700) g`;

describe.each<[string, HttpLimits, number]>([
  ['rows', { exportRows: 600 }, 600],
  ['rows within a batch', { exportRows: 3 }, 3],
])('an export that ends at a number of %s', (_, limits, rows) => {
  let firm: LawFirmApp;

  beforeAll(async () => {
    firm = await createLawFirmApp('express', { http: { limits } });
    await firm.orm.em.getConnection().execute(ACTIONS);
  });
  afterAll(() => firm?.close());

  it('says so in its manifest, and in the trail', async () => {
    const { text } = await firm.download('/export?action=report.print');
    const { manifest } = manifestOf(text);
    expect(manifest).toMatchObject({ truncated: true, actions: rows });
    const { body } = await firm.get('/export/manifest?action=report.print');
    expect(body).toMatchObject({ truncated: true, actions: rows, sha256: manifest.sha256 });
    const [ended] = (await firm.reader.revisions({ action: 'audit.export-ended' })).items;
    expect(ended).toMatchObject({
      outcome: 'success',
      metadata: { trailRead: { ended: 'truncated', actions: rows } },
    });
  });

  it('is refused where it is read, unless the reader knows', async () => {
    const { text } = await firm.download('/export?action=report.print');
    const reader = firm.app.get(AuditExportReader);
    await expect(all(reader, text, false)).rejects.toThrow(/AUDIT_EXPORT.*limit/);
    expect(await all(reader, text, true)).toBe(rows);
  });

  it('says so in the last row for people', async () => {
    const { text } = await firm.download('/export?action=report.print&format=csv');
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + rows + 1);
    expect(lines.at(-1)).toMatch(/^THIS FILE IS NOT WHOLE/);
    expect(lines.at(-1)?.split(',')).toHaveLength(lines[0]?.split(',').length ?? 0);
    const { body } = await firm.get('/export/manifest?action=report.print&format=csv');
    expect(body).toMatchObject({ truncated: true, actions: rows });
  });

  it('is whole where there is not more', async () => {
    const [newest] = (await firm.reader.revisions({ action: 'report.print', limit: 3 })).items.slice(-1);
    const { text } = await firm.download(
      `/export?action=report.print&from=${newest?.recordedAt.toISOString()}`,
    );
    expect(manifestOf(text).manifest).toMatchObject({ truncated: false, actions: 3 });
  });
});

describe('an export that takes too long as a whole', () => {
  let firm: LawFirmApp;
  let blocker: Client;

  beforeAll(async () => {
    firm = await createLawFirmApp('fastify', { http: { limits: { exportMilliseconds: 100 } } });
    await firm.orm.em.getConnection().execute(ACTIONS);
    blocker = new Client({ connectionString: firm.url });
    await blocker.connect();
  });
  afterEach(() => blocker.query('rollback'));
  afterAll(async () => {
    await blocker?.end();
    await firm?.close();
  });

  it('says that there may be more', async () => {
    await blocker.query('begin; lock table audit_change in access exclusive mode');
    const answer = fetch(`${firm.base}/export/manifest?action=report.print`, {
      headers: { 'x-access': JSON.stringify(EVERYTHING) },
    });
    const late = `select 1 from pg_stat_activity where datname = current_database()
      and wait_event_type = 'Lock' and clock_timestamp() - query_start > interval '150 ms'`;
    while ((await blocker.query(late)).rows.length === 0) {
      await blocker.query('select pg_stat_clear_snapshot()');
    }
    await blocker.query('commit');
    expect(await (await answer).json()).toMatchObject({ truncated: true, actions: 500 });
  });
});

function manifestOf(text: string): { readonly manifest: ExportManifest } {
  return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
}

async function all(reader: AuditExportReader, text: string, mayBeTruncated: boolean): Promise<number> {
  let rows = 0;
  const file = (async function* () {
    yield text;
  })();
  for await (const _ of reader.read(file, { mayBeTruncated })) {
    rows += 1;
  }
  return rows;
}
