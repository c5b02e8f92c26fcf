import { hash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { saltsWithout } from '../leaf/leaf.js';
import type { EvidenceReport } from '../verify/evidence-finding.js';
import { MemoryLog, rowOf, TRUST } from '../verify/memory-log.fixture.js';
import { exportEvidence } from './evidence-export.js';
import { verifyExport } from './export-verifier.js';
import { rowJson, rowOfJson } from './row-json.js';

const log = MemoryLog.of(70);
let checkpoint: string;
let whole: string;
let part: string;

async function textOf(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) {
    text += line;
  }
  return text;
}

async function* chunksOf(text: string, length = 1_000): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += length) {
    yield bytes.subarray(start, start + length);
  }
}

const verify = (text: string): Promise<EvidenceReport> => verifyExport(chunksOf(text), { trust: TRUST });

/** As somebody does who knows the format: the manifest is made anew. */
function withManifest(lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\n`).join('');
  const manifest = { rows: lines.length - 1, notCovered: 0, sha256: hash('sha256', text, 'hex') };
  return `${text}${JSON.stringify({ manifest })}\n`;
}

beforeAll(async () => {
  log.append(
    rowOf(70, {
      reason: 'grüße 🎉\u2028\n"',
      metadata: '{"big": 9007199254740993, "__proto__": {"a": null}}',
      reads: '[["Order", "1"]]',
    }),
  );
  checkpoint = await log.checkpoint(71);
  log.append(rowOf(71));
  whole = await textOf(exportEvidence({ log, checkpoint, rows: 'all' }));
  const rows = log.positionsOf('Order', '3');
  part = await textOf(exportEvidence({ log, checkpoint, rows, query: { entity: 'Order', id: '3' } }));
});

describe('exports', () => {
  it('of the whole log, and of a part of it, are verified by themselves, however they arrive', async () => {
    expect(await verify(whole)).toMatchObject({ ok: true, rows: 71, checkpoints: 1, counts: {} });
    const count = part.split('\n').length - 3;
    expect(count).toBeGreaterThan(1);
    expect(await verify(part)).toMatchObject({ ok: true, rows: count, counts: {} });
    for (const length of [1, 3, 1e6]) {
      expect((await verifyExport(chunksOf(whole, length), { trust: TRUST })).ok).toBe(true);
    }
    const empty = await textOf(exportEvidence({ log, checkpoint, rows: log.positionsAt([]) }));
    expect(await verify(empty)).toMatchObject({ ok: true, rows: 0 });
  });

  it('are lines of JSON that anybody can read', () => {
    const [header = '', , ...lines] = whole
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(header).toMatchObject({
      format: 'nestjs-mikro-audit/evidence@1',
      whole: true,
      query: null,
      checkpoint,
    });
    expect(lines[0]).toMatchObject({
      position: 1,
      changeId: '1001',
      row: { id: '1001', after: { count: 2, name: 'new' } },
    });
    expect(lines.at(-1)).toMatchObject({ manifest: { rows: 71 } });
    expect(JSON.parse(part.split('\n')[0] ?? '')).toMatchObject({ query: { entity: 'Order', id: '3' } });
  });

  it('any changed byte is noticed', async () => {
    for (const text of [whole, part]) {
      const bytes = Buffer.from(text);
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 2), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
          const changed = Buffer.from(bytes);
          changed[at] = (changed[at] ?? 0) ^ flip;
          const result = verifyExport(
            (async function* () {
              yield changed;
            })(),
            { trust: TRUST },
          );
          const isOk = await result.then(
            ({ ok }) => ok,
            ({ code }) => code === undefined,
          );
          expect(isOk).toBe(false);
        }),
        { numRuns: 300 },
      );
    }
  }, 60_000);

  it('an edit is noticed also where the manifest was made anew, and located', async () => {
    const lines = whole.trimEnd().split('\n').slice(0, -1);
    const edited = lines.with(10, lines[10]?.replace('"Ada"', '"Eve"') ?? '');
    const report = await verify(withManifest(edited));
    expect(report).toMatchObject({ ok: false, counts: { 'row-changed': 1 } });
    expect(report.findings[0]).toMatchObject({ from: 9, changeId: '1009' });
    for (const wrong of [
      lines.toSpliced(10, 1),
      lines.slice(0, 20),
      lines.with(10, lines[11] ?? ''),
      [...lines, lines[5] ?? ''],
    ]) {
      expect((await verify(withManifest(wrong))).ok).toBe(false);
    }
    expect((await verify(withManifest(lines))).ok).toBe(true);
    expect((await verify(lines.join('\n'))).counts).toEqual({ 'export-changed': 1 });
  });

  it('rows of a part are proved each by itself, in order', async () => {
    const lines = part.trimEnd().split('\n').slice(0, -1);
    const [header = '', one = '', two = ''] = lines;
    expect((await verify(withManifest([header, one, two]))).ok).toBe(true);
    expect((await verify(withManifest([header, two, one]))).counts).toEqual({ 'positions-disordered': 1 });
    const proof = JSON.stringify(JSON.parse(one).proof.slice(1));
    const short = one.replace(/"proof":\[[^\]]*\]/, `"proof":${proof}`);
    expect((await verify(withManifest([header, short]))).counts).toEqual({ 'root-differs': 1 });
    const none = one.replace(/"proof":\[[^\]]*\],/, '');
    expect((await verify(withManifest([header, none]))).counts).toEqual({ 'root-differs': 1 });
    for (const odd of [
      '',
      '{}',
      'null',
      '[]',
      one.replace('"position":', '"position":-'),
      one.replace('"row":{', '"row":{"new":1,'),
    ]) {
      expect((await verify(withManifest([header, odd]))).counts).toEqual({ 'export-changed': 1 });
    }
  });

  it('of a log with erased values, and with a row that is gone', async () => {
    const other = log.copy();
    const stored = other.stored[5];
    if (stored?.row && stored.salts) {
      const salts = saltsWithout(stored.row, stored.salts, ['actorLabel']);
      other.stored[5] = { ...stored, salts, row: { ...stored.row, actorLabel: null } };
    }
    const text = await textOf(exportEvidence({ log: other, checkpoint, rows: 'all' }));
    expect(await verify(text)).toMatchObject({ ok: true, counts: { 'fields-erased': 1 } });
    other.stored[6] = { ...other.stored[6], row: null } as (typeof other.stored)[number];
    const broken = await textOf(exportEvidence({ log: other, checkpoint, rows: 'all' }));
    expect((await verify(broken)).counts).toMatchObject({ 'row-missing': 1 });
  });

  it.each(['', '{}', '{"format":"other"}\n', '\ufeff{}', '{"format":"nestjs-mikro-audit/evidence@1"}\n'])(
    '%j is none',
    async (text) => {
      await expect(verify(text)).rejects.toMatchObject({ code: 'AUDIT_EVIDENCE_FORMAT' });
    },
  );

  it('one that is not signed by a trusted key proves nothing', async () => {
    const forged = whole.replace('example.com/audit', 'example.com/other');
    expect((await verify(forged)).counts).toMatchObject({ 'checkpoint-refused': 1 });
    const other = { ...TRUST, origin: 'example.com/other' };
    expect((await verifyExport(chunksOf(whole), { trust: other })).ok).toBe(false);
  });
});

describe('rows as JSON', () => {
  it('come back as they were', () => {
    const json = fc.jsonValue({ stringUnit: 'grapheme' }).map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(fc.option(fc.string({ unit: 'grapheme' })), fc.option(json), (reason, metadata) => {
        const row = rowOf(1, { reason, metadata });
        const again = rowOfJson(rowJson(row));
        expect(rowJson(again)).toBe(rowJson(row));
        expect(again.reason).toBe(reason);
        expect(again.metadata === null).toBe(metadata === null);
      }),
    );
  });
});
