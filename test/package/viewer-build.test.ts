import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LIBRARY, PROJECT } from '../support/project-paths.js';
import { runCommand } from '../support/run-command.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'viewer-build-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function builtFrom(cwd: string, name: string): Promise<readonly string[]> {
  const output = join(folder, name);
  await runCommand(process.execPath, [join(LIBRARY, 'ui/build.mjs'), output], { cwd });
  return (await readdir(join(output, 'assets'))).sort();
}

test('the files of the viewer have the same names wherever the build is started from', async () => {
  expect(await builtFrom(PROJECT, 'here')).toEqual(await builtFrom(tmpdir(), 'elsewhere'));
});
