import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { AuditEvidence } from 'nestjs-mikro-audit';
import { PROJECT } from '../../support/project-paths.js';
import { useSequence } from '../sequence/use-sequence.js';
import { covered, evidence, MemoryPublisher, newKey, trustIn } from './sealing-app.js';

const TIMEOUT = 120_000;
const KEY = newKey();
const TRUST = trustIn(KEY);

/** Debian packages golang-go and golang-golang-x-mod-dev. */
const GO_PATH = '/usr/share/gocode';
const hasGo = existsSync(join(GO_PATH, 'src/golang.org/x/mod/sumdb/tlog'));

describe('proofs of changes', () => {
  const suite = useSequence();
  const folder = mkdtempSync(join(tmpdir(), 'audit-proving-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const writeProof = (name: string, proof: string): string => {
    const file = join(folder, `${name}.tlog-proof`);
    writeFileSync(file, proof);
    return file;
  };

  const byGo = (files: readonly string[]): { readonly status: number | null; readonly stderr: string } => {
    const program = join(folder, 'verify');
    const env = { ...process.env, GO111MODULE: 'off', GOPATH: GO_PATH, GOCACHE: join(folder, 'cache') };
    if (!existsSync(program)) {
      execFileSync('go', ['build', '-o', program, join(PROJECT, 'docs/evidence/verify.go')], { env });
    }
    return spawnSync(program, ['-key', TRUST.keys[0]?.key ?? '', ...files], { encoding: 'utf8' });
  };

  (hasGo ? it : it.skip)(
    'are verified by the code of Go, which refuses every altered line of them',
    async () => {
      const publisher = new MemoryPublisher();
      const app = await suite.boot({ evidence: evidence([KEY], publisher) });
      for (let id = 1; id <= 5; id += 1) {
        await suite.count(id);
      }
      await covered(app, 5);
      const { rows } = await suite.client.query<{ id: string }>(
        'select change_id::text as id from audit_position',
      );
      const files = await Promise.all(
        rows.map(async ({ id }) => writeProof(id, (await app.get(AuditEvidence).prove(id))?.proof ?? '')),
      );
      expect(byGo(files).status).toBe(0);
      const [, second = ''] = files;
      const lines = readFileSync(second, 'utf8').split('\n');
      for (const [number, line] of lines.entries()) {
        // In the middle: the last bits of base64 may be of no byte.
        const middle = line.length >> 1;
        const other = line[middle] === 'A' ? 'B' : 'A';
        const altered = line === '' ? line : line.slice(0, middle) + other + line.slice(middle + 1);
        const proof = lines.with(number, altered).join('\n');
        const { status, stderr } = byGo([writeProof(`line-${number}`, proof)]);
        expect({ line, status, stderr }).toEqual({
          line,
          status: altered === line ? 0 : 1,
          stderr: altered === line ? '' : expect.stringContaining('refused'),
        });
      }
    },
    TIMEOUT,
  );
});
