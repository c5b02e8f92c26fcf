import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SEALED_COLUMNS } from '../leaf/sealed-columns.js';
import type { EvidenceReport } from './evidence-finding.js';
import { LogVerifier } from './log-verifier.js';
import { MemoryLog, rowOf, TRUST } from './memory-log.fixture.js';
import { COLUMN_EDITS, MATRIX } from './tampering.fixture.js';

const isSoak = process.env.AUDIT_SOAK !== undefined;
const MUTATIONS = isSoak ? 1_000 : 40;
const CLEAN_RUNS = isSoak ? 10_000 : 150;
const TIMEOUT = 3_600_000;

/** Sizes of logs and of the checkpoint that was published of them. */
const draws = fc.record({
  size: fc.integer({ min: 2, max: 40 }),
  more: fc.nat(5),
  place: fc.nat(),
  step: fc.nat(),
  text: fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme' }),
});

const logs = new Map<number, MemoryLog>();

function logOf(size: number): MemoryLog {
  const log = logs.get(size) ?? MemoryLog.of(size);
  logs.set(size, log);
  return log;
}

describe('tampering is found, every time', () => {
  it.each(Object.entries(MATRIX))(
    '%s',
    async (_, mutate) => {
      await fc.assert(
        fc.asyncProperty(draws, async ({ size, more, place, step, text }) => {
          const original = logOf(size + more);
          const checkpoints = [await original.checkpoint(size)];
          const log = original.copy();
          const covered = place % size;
          const other = (covered + 1 + (step % (size - 1))) % size;
          const shown = mutate({ log, place: covered, other, text });
          const report = await new LogVerifier(log, { trust: TRUST, checkpoints }).all();
          expect(report.ok).toBe(false);
          expect(shown === null || isShown(report, shown)).toBe(true);
        }),
        { numRuns: MUTATIONS },
      );
    },
    TIMEOUT,
  );

  it('no row that was edited is proved by itself', async () => {
    await fc.assert(
      fc.asyncProperty(draws, fc.constantFrom(...SEALED_COLUMNS), async ({ size, place, text }, column) => {
        const log = logOf(size).copy();
        const checkpoints = [await log.checkpoint()];
        COLUMN_EDITS[`${column} of a row is another one`]?.({ log, place: place % size, other: 0, text });
        const report = await new LogVerifier(log, { trust: TRUST, checkpoints }).position(place % size);
        expect(report).toMatchObject({ ok: false, counts: { 'row-changed': 1 } });
        log.recompute();
        const again = await new LogVerifier(log, { trust: TRUST, checkpoints }).position(place % size);
        expect(again).toMatchObject({ ok: false, counts: { 'root-differs': 1 } });
      }),
      { numRuns: MUTATIONS },
    );
  }, 3_600_000);
});

describe('no false alarm', () => {
  it(`${CLEAN_RUNS} logs that nobody has touched`, async () => {
    const values = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ stringUnit: 'grapheme' }), {
      maxKeys: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ values, reason: fc.option(fc.string({ unit: 'grapheme' })) }), {
          maxLength: 20,
        }),
        fc.nat(),
        async (rows, draw) => {
          const log = new MemoryLog();
          for (const [place, { values: after, reason }] of rows.entries()) {
            log.append(rowOf(place, { after: JSON.stringify(after, null, 1), reason }));
          }
          const size = draw % (rows.length + 1);
          const checkpoints = [await log.checkpoint(size), await log.checkpoint()];
          const verifier = new LogVerifier(log, { trust: TRUST, checkpoints });
          const report = await verifier.all();
          expect(report).toMatchObject({ ok: true, rows: rows.length, counts: {}, findings: [] });
          expect(await verifier.sample(3)).toMatchObject({ ok: true, counts: {} });
          expect(await verifier.since(checkpoints[0] ?? '')).toMatchObject({ ok: true, counts: {} });
        },
      ),
      { numRuns: CLEAN_RUNS },
    );
  }, 3_600_000);
});

function isShown({ findings }: EvidenceReport, place: number): boolean {
  return findings.some(
    ({ severity, from, to }) =>
      severity === 'error' && from !== null && to !== null && from <= place && place <= to,
  );
}
