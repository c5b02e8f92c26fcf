import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { ensureLibraryBuilt } from '../support/library-build.js';
import { SCRATCH } from '../support/project-paths.js';
import { runProgram } from '../support/run-program.js';
import { BOOK, CLI_FILE, type Files, MAIN, TSCONFIG } from './init-apps.js';

/** Folders of apps for one suite, and the command to run in them. */
export function useInitFolders() {
  const folders: string[] = [];

  beforeAll(ensureLibraryBuilt, 300_000);

  afterAll(async () => {
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });

  /** Inside the project, so that the packages resolve as they do in a user's app. */
  async function app(files: Files): Promise<string> {
    await mkdir(SCRATCH, { recursive: true });
    const folder = await mkdtemp(join(SCRATCH, 'init-'));
    folders.push(folder);
    const all = { 'tsconfig.json': TSCONFIG, 'src/main.ts': MAIN, 'src/book.ts': BOOK, ...files };
    for (const [name, text] of Object.entries(all)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return folder;
  }

  const init = (folder: string, ...args: readonly string[]) =>
    runProgram(['init', '--folder', folder, ...args], { cwd: folder, env: { NO_COLOR: '1' } });

  const textsOf = async (folder: string, files: Files): Promise<Files> => {
    const names = [...Object.keys(files), 'src/book.ts', 'src/main.ts', CLI_FILE];
    const texts = names
      .filter((name) => existsSync(join(folder, name)))
      .map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const);
    return Object.fromEntries(await Promise.all(texts));
  };

  return { app, init, textsOf };
}
