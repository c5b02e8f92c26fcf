import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from './file-lock.js';
import { LIBRARY, PROJECT, SCRATCH } from './project-paths.js';
import { runCommand } from './run-command.js';
import { isViewerCurrent } from './viewer-build.js';

const SOURCE = join(LIBRARY, 'src');
const OUTPUT = join(LIBRARY, 'dist');
const BUILD = join(LIBRARY, 'build.mjs');
const CONFIGURATION = [BUILD, join(LIBRARY, 'tsconfig.build.json'), join(PROJECT, 'CHANGELOG.md')];

/** Builds `libs/audit/dist` if anything is newer than it. Suites that run at once build only once. */
export async function ensureLibraryBuilt(): Promise<void> {
  await withFileLock(join(SCRATCH, 'library-build.lock'), async () => {
    if (!(await isCurrent())) {
      await runCommand(process.execPath, [BUILD], { cwd: LIBRARY });
    }
  });
}

/** A file that has gone changes its folder. */
async function isCurrent(): Promise<boolean> {
  const builtAt = await changedAt(join(OUTPUT, 'index.js')).catch(() => 0);
  const sources = await filesIn(SOURCE);
  const changes = await Promise.all([...CONFIGURATION, SOURCE, ...sources].map(changedAt));
  return changes.every((at) => at < builtAt) && (await isViewerCurrent(join(OUTPUT, 'http', 'ui')));
}

/** Files and folders. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.endsWith('.spec.ts'));
}

async function changedAt(file: string): Promise<number> {
  return (await stat(file)).mtimeMs;
}
