import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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

it('a folder refuses another checkpoint of a size that it has, and takes further signatures', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-stories-'));
  try {
    const place = checkpointFolder(folder);
    const note = (root: string, key: string) => `log\n7\n${root}\n\n\u2014 ${key} abcd\n`;
    await place.publish('log', 7, note('one', 'old'));
    await place.publish('log', 7, note('one', 'new'));
    await expect(place.publish('log', 7, note('another', 'old'))).rejects.toMatchObject({
      code: 'AUDIT_EVIDENCE_PUBLISH',
      message: expect.stringMatching(/another checkpoint of 7 positions of log/),
    });
    expect(readFileSync(join(folder, 'log', 'latest'), 'utf8')).toBe(note('one', 'new'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('a folder that cannot be written is left without unfinished files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-full-'));
  try {
    mkdirSync(join(folder, 'log', 'latest'), { recursive: true });
    await expect(checkpointFolder(folder).publish('log', 7, 'note')).rejects.toThrow();
    expect(readdirSync(join(folder, 'log')).sort()).toEqual(['0000000000000007.checkpoint', 'latest']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
