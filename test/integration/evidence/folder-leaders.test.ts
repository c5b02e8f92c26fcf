import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { checkpointFolder } from 'nestjs-mikro-audit';

it('a folder has whole checkpoints where leaders with the same process id write at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-leaders-'));
  try {
    const note = 'a signed checkpoint\n'.repeat(10_000);
    const places = Array.from({ length: 20 }, () => checkpointFolder(folder));
    await Promise.all(places.map((place) => place.publish('log', 7, note)));
    const path = join(folder, 'log');
    expect(readdirSync(path).sort()).toEqual(['0000000000000007.checkpoint', 'latest']);
    for (const name of readdirSync(path)) {
      expect(readFileSync(join(path, name), 'utf8')).toBe(note);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
