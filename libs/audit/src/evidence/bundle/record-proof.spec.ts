import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TreeReader } from '../merkle/tree-reader.js';
import { NoteKey } from '../note/note-key.js';
import { MemoryLog, ORIGIN, SIGNER, TRUST } from '../verify/memory-log.fixture.js';
import { proveRecord, type RecordProof, verifyRecord } from './record-proof.js';

const SIZE = 300;
const log = MemoryLog.of(SIZE);
let checkpoint: string;
let one: RecordProof;

async function proofOf(position: number, note = checkpoint): Promise<RecordProof> {
  const proved = await proveRecord(log, position, note);
  if (proved === null) {
    throw new Error(`There is no position ${position}.`);
  }
  return proved;
}

beforeAll(async () => {
  checkpoint = await log.checkpoint();
  one = await proofOf(123);
});

describe('the proof of one row', () => {
  it('proves the row, and its leaf alone', () => {
    const proved = verifyRecord(one.proof, one.record, TRUST);
    expect(proved).toMatchObject({ position: 123, erased: [], checkpoint: { origin: ORIGIN, size: SIZE } });
    expect(JSON.parse(proved.leaf).row).toMatchObject({ id: '1123', operation: 'update' });
    expect(verifyRecord(one.proof, null, TRUST).erased).toBeNull();
    expect(JSON.parse(one.record).row).toMatchObject({ actorLabel: 'Ada' });
  });

  it('is there for no row that is gone, was edited, or is not covered yet', async () => {
    expect(await proveRecord(log, SIZE, checkpoint)).toBeNull();
    await expect(proofOf(50, await log.checkpoint(50))).rejects.toThrow(/covers 50 positions/);
    const edited = log.copy();
    edited.edit(5, (row) => ({ ...row, reason: 'another' }));
    await expect(proveRecord(edited, 5, checkpoint)).rejects.toThrow(/position 5 .*not what was sealed/);
  });

  it('refuses another letter anywhere, another record, another log', () => {
    fc.assert(
      fc.property(fc.nat(one.proof.length - 1), fc.constantFrom('A', '1', '\n', ' ', ''), (at, letter) => {
        const changed = one.proof.slice(0, at) + letter + one.proof.slice(at + 1);
        fc.pre(changed !== one.proof);
        expect(() => verifyRecord(changed, null, TRUST)).toThrow(/AUDIT_EVIDENCE/);
      }),
      { numRuns: 500 },
    );
    const forged = one.record.replace('"Ada"', '"Eve"');
    expect(() => verifyRecord(one.proof, forged, TRUST)).toThrow(/its values are not those/);
    expect(() => verifyRecord(one.proof, '{}', TRUST)).toThrow(/no row/);
    for (const [what, by] of [
      ['"changeId":"1123"', '"changeId":"1124"'],
      ['"leafHash":"', '"leafHash":"AAAA'],
      ['"position":123', '"position":124'],
      ['"row":', '"proof":[],"row":'],
      ['"row":', '"remark":"signed off by Ada","row":'],
    ] as const) {
      expect(one.record).toContain(what);
      expect(() => verifyRecord(one.proof, one.record.replace(what, by), TRUST)).toThrow(
        /AUDIT_EVIDENCE_FORMAT/,
      );
    }
    expect(() => verifyRecord(one.proof, one.record, { ...TRUST, origin: 'other' })).toThrow(/is trusted/);
    const withoutLeaf = one.proof.replace(/extra .*\n/, '');
    expect(() => verifyRecord(withoutLeaf, null, TRUST)).toThrow(/no leaf/);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'audit-evidence-'));
const hasGo = goIsThere();

describe(hasGo ? 'golang.org/x/mod/sumdb' : 'without Go and golang-golang-x-mod-dev', () => {
  const program = join(folder, 'verify');
  const key = SIGNER.key.toString();

  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  const run = (...args: string[]): Promise<{ stdout: string }> =>
    promisify(execFile)(program, args, { encoding: 'utf8' });

  const accepts = (...args: string[]): Promise<boolean> =>
    run(...args).then(
      () => true,
      () => false,
    );

  beforeAll(() => {
    if (hasGo) {
      const source = join(import.meta.dirname, '../../../../../docs/evidence/verify.go');
      execFileSync('go', ['build', '-o', program, source], { env: goEnvironment(), cwd: folder });
    }
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  if (!hasGo) {
    it('is not asked: install golang-go and golang-golang-x-mod-dev', () => expect(hasGo).toBe(false));
    return;
  }

  it('accepts our proofs and shows their leaves', async () => {
    for (const position of [0, 1, 127, 255, 256, SIZE - 1]) {
      const { proof, record } = await proofOf(position);
      const { stdout } = await run('-key', key, file('one.tlog-proof', proof));
      expect(stdout).toBe(`${verifyRecord(proof, record, TRUST).leaf}\n`);
    }
  }, 60_000);

  it('refuses what we refuse: mutated proofs, other keys', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(one.proof.length - 1),
        fc.constantFrom('A', '1', '\n', ' '),
        async (at, letter) => {
          const changed = one.proof.slice(0, at) + letter + one.proof.slice(at + 1);
          fc.pre(changed !== one.proof);
          expect(await accepts('-key', key, file('changed.tlog-proof', changed))).toBe(false);
        },
      ),
      { numRuns: process.env.AUDIT_SOAK === undefined ? 40 : 1_000 },
    );
    const other = NoteKey.of(ORIGIN, Buffer.alloc(32, 9)).toString();
    expect(await accepts('-key', other, file('one.tlog-proof', one.proof))).toBe(false);
  }, 600_000);

  it('accepts that our log was only added to, and refuses that one was rewritten', async () => {
    const [older, newer] = [file('older', await log.checkpoint(200)), file('newer', checkpoint)];
    const hashes = (await new TreeReader(log.hashes, SIZE).consistencyProof(200)).map((hash) =>
      hash.toString('base64'),
    );
    expect(await accepts('-key', key, '-extends', older, newer, file('proof', hashes.join('\n')))).toBe(true);
    for (const wrong of [hashes.slice(1), [...hashes, hashes[0]], hashes.toReversed(), []]) {
      expect(await accepts('-key', key, '-extends', older, newer, file('proof', wrong.join('\n')))).toBe(
        false,
      );
    }
    const rewritten = file('rewritten', await MemoryLog.of(200).checkpoint());
    expect(await accepts('-key', key, '-extends', rewritten, newer, file('proof', hashes.join('\n')))).toBe(
      false,
    );
  }, 60_000);
});

function goEnvironment(): NodeJS.ProcessEnv {
  return {
    GOPATH: '/usr/share/gocode',
    ...process.env,
    GO111MODULE: 'off',
    GOFLAGS: '',
    GOCACHE: join(folder, 'cache'),
  };
}

function goIsThere(): boolean {
  try {
    execFileSync('go', ['list', 'golang.org/x/mod/sumdb/tlog'], { env: goEnvironment(), stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
