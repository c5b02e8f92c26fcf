import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { ensureLibraryBuilt } from '../../support/library-build.js';
import { PROJECT } from '../../support/project-paths.js';
import { runCommand } from '../../support/run-command.js';

interface Figures {
  readonly rows: number;
  readonly peakMegabytes: number;
}

let database: TestDatabase;

beforeAll(async () => {
  await ensureLibraryBuilt();
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function measure(mode: 'audited' | 'plain', changes: number): Promise<Figures> {
  const probe = join(PROJECT, 'test/integration/transactions/memory-probe.mjs');
  const output = await runCommand(
    process.execPath,
    ['--expose-gc', probe, database.url, String(changes), '1000', mode],
    { cwd: PROJECT, env: { NODE_OPTIONS: '' } },
  );
  return JSON.parse(output) as Figures;
}

/**
 * The buffer of a transaction is full at 10,000 changes, so what 12,000 take more than none is what 100,000 take;
 * `npm run bench` shows the figure for those.
 */
it('a transaction of many changes takes less than 200 MB more memory than without auditing', async () => {
  const plain = await measure('plain', 12_000);
  const audited = await measure('audited', 12_000);
  expect([plain.rows, audited.rows]).toEqual([12_000, 12_000]);
  expect(audited.peakMegabytes - plain.peakMegabytes).toBeLessThan(200);
});
