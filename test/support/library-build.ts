import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from './file-lock.js';
import { LIBRARY, PROJECT, SCRATCH } from './project-paths.js';
import { runCommand } from './run-command.js';
import { buildViewer, isViewerCurrent } from './viewer-build.js';

const SOURCE = join(LIBRARY, 'src');
const OUTPUT = join(LIBRARY, 'dist');
const CONFIG = join(LIBRARY, 'tsconfig.build.json');
const VIEWER = join(OUTPUT, 'http', 'ui');

/** Builds `libs/audit/dist` if it is not exactly what the sources give. Suites that run at once build only once. */
export async function ensureLibraryBuilt(): Promise<void> {
  await withFileLock(join(SCRATCH, 'library-build.lock'), async () => {
    if (await isCurrent()) {
      return;
    }
    await rm(OUTPUT, { recursive: true, force: true });
    const compiler = join(PROJECT, 'node_modules', 'typescript', 'bin', 'tsc');
    await runCommand(process.execPath, [compiler, '-p', CONFIG], { cwd: LIBRARY });
    await buildViewer(VIEWER);
  });
}

/** Every source has its outputs, none older than the source, and there is nothing else. */
async function isCurrent(): Promise<boolean> {
  const configuredAt = await changedAt(CONFIG);
  const stale = new Set((await filesIn(OUTPUT)).filter((file) => !join(OUTPUT, file).startsWith(VIEWER)));
  for (const file of await filesIn(SOURCE)) {
    if (!file.endsWith('.ts') || /\.(?:spec|fixture)\.ts$/.test(file)) {
      continue;
    }
    const sourceAt = Math.max(configuredAt, await changedAt(join(SOURCE, file)));
    for (const suffix of ['.js', '.js.map', '.d.ts', '.d.ts.map']) {
      const output = file.replace(/\.ts$/, suffix);
      if (!stale.delete(output) || (await changedAt(join(OUTPUT, output))) < sourceAt) {
        return false;
      }
    }
  }
  return stale.size === 0 && (await isViewerCurrent(VIEWER));
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

async function changedAt(file: string): Promise<number> {
  return (await stat(file)).mtimeMs;
}
