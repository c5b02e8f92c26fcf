import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withFileLock } from './file-lock.js';

describe('withFileLock', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'file-lock-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('lets one in at a time, and leaves nothing behind', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await delay(20);
      inside -= 1;
    };
    const file = join(folder, 'deep', 'lock');
    await Promise.all([1, 2, 3].map(() => withFileLock(file, work)));
    expect(most).toBe(1);
    expect(await readdir(join(folder, 'deep'))).toEqual([]);
  });

  test('frees the lock when the work fails', async () => {
    const file = join(folder, 'failing');
    await expect(withFileLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withFileLock(file, async () => 'done')).toBe('done');
  });

  test('takes over from a process that is gone', async () => {
    const file = join(folder, 'stale');
    await writeFile(file, '4194305');
    expect(await withFileLock(file, async () => 'done')).toBe('done');
  });
});
