import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { saltsWithout } from '../leaf/leaf.js';
import { signCheckpoint } from '../note/checkpoint-signing.js';
import { Ed25519Signer } from '../note/note-key.js';
import type { EvidenceReport } from './evidence-finding.js';
import { LogVerifier, type VerifyOptions } from './log-verifier.js';
import { MemoryLog, ORIGIN, rowOf, SIGNER, TRUST } from './memory-log.fixture.js';

const SIZE = 600;
const clean = MemoryLog.of(SIZE);
let checkpoints: string[];

const verifierOf = (log: MemoryLog, options: Partial<VerifyOptions> = {}): LogVerifier =>
  new LogVerifier(log, { trust: TRUST, checkpoints, ...options });

const kinds = ({ counts }: EvidenceReport): string[] => Object.keys(counts).sort();

beforeAll(async () => {
  checkpoints = [await clean.checkpoint(300), await clean.checkpoint(0), await clean.checkpoint(500)];
});

describe('a log that nobody has touched', () => {
  it('is proved as far as the checkpoints go, and the rest is said to be uncovered', async () => {
    const progress: number[] = [];
    const report = await verifierOf(clean, { onProgress: ({ rows }) => progress.push(rows) }).all();
    expect(report).toMatchObject({
      ok: true,
      rows: SIZE,
      size: SIZE,
      checkpoints: 3,
      counts: { 'not-covered': 1 },
    });
    expect(report.checkpoint?.size).toBe(500);
    expect(report.findings).toMatchObject([{ kind: 'not-covered', severity: 'info', from: 500, to: 599 }]);
    expect(progress).toEqual([1]);
  });

  it('goes on from a checkpoint, also from one that is not in the list', async () => {
    const from = await clean.checkpoint(255);
    const report = await verifierOf(clean).since(from);
    expect(report).toMatchObject({ ok: true, rows: SIZE - 255, checkpoints: 3 });
    expect((await verifierOf(clean).since(checkpoints[2] ?? '')).rows).toBe(100);
    await expect(verifierOf(clean).since(from.replace('255', '256'))).rejects.toThrow(/is wrong/);
  });

  it('single rows: by entity, by position, at random', async () => {
    const entity = await verifierOf(clean).entity('Order', '3');
    expect(entity).toMatchObject({
      ok: true,
      rows: clean.stored.filter(({ row }) => row?.entityId === '3' && row.entityType === 'Order').length,
    });
    expect(await verifierOf(clean).position(499)).toMatchObject({ ok: true, rows: 1, counts: {} });
    expect(await verifierOf(clean).position(500)).toMatchObject({ ok: true, counts: { 'not-covered': 1 } });
    expect(await verifierOf(clean).position(SIZE)).toMatchObject({
      ok: false,
      counts: { 'positions-missing': 1 },
    });
    expect(await verifierOf(clean).sample(40)).toMatchObject({ ok: true, rows: 40, counts: {} });
    expect(await verifierOf(clean).sample(10_000)).toMatchObject({ ok: true, rows: 500 });
  });

  it('values that were erased stay proved, and are named', async () => {
    const log = clean.copy();
    const stored = log.stored[7];
    if (stored?.row && stored.salts) {
      const salts = saltsWithout(stored.row, stored.salts, ['values.name', 'origin.ip', 'actorLabel']);
      const row = {
        ...stored.row,
        actorLabel: null,
        before: '{"count": 7}',
        after: '{"count": 8, "name": null}',
        origin: '{"ip": null, "userAgent": "curl"}',
      };
      log.stored[7] = { ...stored, row, salts };
    }
    const report = await verifierOf(log).all();
    expect(report).toMatchObject({ ok: true, checkpoints: 3, counts: { 'fields-erased': 1 } });
    expect(report.findings[0]).toMatchObject({ kind: 'fields-erased', from: 7, changeId: '1007' });
    log.edit(7, (row) => ({ ...row, after: '{"count": 8, "name": "forged"}' }));
    expect(kinds(await verifierOf(log).all())).toContain('row-changed');
  });
});

describe('checkpoints', () => {
  it('of others, of another log, and those that contradict each other are errors; there has to be one', async () => {
    const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const stranger = Ed25519Signer.of(ORIGIN, key);
    const forged = await signCheckpoint({
      origin: ORIGIN,
      signers: [stranger],
      hashes: clean.hashes,
      size: 300,
      previous: [],
    });
    const other = MemoryLog.of(300);
    const conflicting = await other.checkpoint(300);
    const options = { checkpoints: [...checkpoints, forged, 'none', conflicting] };
    const report = await verifierOf(clean, options).all();
    expect(report).toMatchObject({
      ok: false,
      counts: { 'checkpoint-refused': 2, 'checkpoints-conflict': 1 },
    });
    expect(() => verifierOf(clean, { checkpoints: [] })).toThrow(/it is empty/);
    expect((await verifierOf(clean, { checkpoints: [forged] }).sample(5)).ok).toBe(false);
  });

  it('one of a stolen key hides nothing that was published before', async () => {
    const log = clean.copy();
    log.edit(42, (row) => ({ ...row, actorId: 'somebody else' }));
    log.recompute();
    const stolen = await signCheckpoint({
      origin: ORIGIN,
      signers: [SIGNER],
      hashes: log.hashes,
      size: SIZE,
      previous: [],
    });
    expect((await verifierOf(log, { checkpoints: [stolen] }).all()).ok).toBe(true);
    const report = await verifierOf(log, { checkpoints: [...checkpoints, stolen] }).all();
    expect(report.findings).toContainEqual(
      expect.objectContaining({ kind: 'root-differs', from: 0, to: 299 }),
    );
    await expect(log.checkpoint(SIZE, checkpoints[2])).rejects.toMatchObject({
      code: 'AUDIT_EVIDENCE_REFUSED',
    });
  });
});

describe('findings', () => {
  it('are all told, each with its position and entity, and counted beyond those that are listed', async () => {
    const log = clean.copy();
    for (const place of [3, 299, 450]) {
      log.edit(place, (row) => ({ ...row, reason: 'another' }));
    }
    const report = await verifierOf(log).all();
    expect(report.counts['row-changed']).toBe(3);
    expect(report.checkpoints).toBe(3);
    expect(report.findings.map(({ from, entityType }) => [from, entityType])).toEqual([
      [3, 'Order'],
      [299, 'Customer'],
      [450, 'Order'],
      [500, null],
    ]);
    const few = await verifierOf(log, { maxFindings: 1 }).all();
    expect(few.counts).toEqual(report.counts);
    expect(few.findings).toHaveLength(2);
  });

  it('rows that stand where their time cannot be, and rows without a position', async () => {
    const log = clean.copy();
    log.append(rowOf(SIZE, { recordedAt: '2025-12-31T22:00:00Z' }));
    log.append(rowOf(SIZE + 1, { recordedAt: '9999-01-01T00:00:00Z' }));
    log.append(rowOf(SIZE + 2, { recordedAt: 'infinityZ' }));
    log.append(rowOf(SIZE + 3));
    log.unplaced = ['77'];
    const report = await verifierOf(log).all();
    expect(report.counts).toMatchObject({
      'row-backdated': 1,
      'row-postdated': 2,
      'row-unsealed': 1,
    });
    expect(report.findings).toContainEqual(expect.objectContaining({ kind: 'row-unsealed', changeId: '77' }));
  });

  it('stored hashes that were changed, and those that are gone', async () => {
    const log = clean.copy();
    const hashes = log.levels[1] ?? [];
    hashes[0] = Buffer.alloc(32);
    hashes.length = 1;
    const report = await verifierOf(log).all();
    expect(report.counts['hashes-changed']).toBe(2);
    expect(report.findings[0]).toMatchObject({ from: 0, to: 255 });
    expect(kinds(await verifierOf(log).since(checkpoints[2] ?? ''))).toContain('root-differs');
    expect(kinds(await verifierOf(log).position(400))).toEqual(['root-differs']);
    expect((await verifierOf(log).entity('Order', '3')).ok).toBe(false);
  });

  it('ends when it is told to', async () => {
    const options = { signal: AbortSignal.abort() };
    await expect(verifierOf(clean, options).all()).rejects.toThrow(/abort/i);
    await expect(verifierOf(clean, options).sample(3)).rejects.toThrow(/abort/i);
  });
});
