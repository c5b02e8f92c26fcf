import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from './file-lock.js';
import { LIBRARY, PROJECT, SCRATCH } from './project-paths.js';
import { runCommand } from './run-command.js';

const SOURCE = join(LIBRARY, 'ui');
const OUTPUT = join(SCRATCH, 'viewer');

/** The folder of the viewer, built from its sources of now; the library itself runs from sources, so it has none. */
export async function ensureViewerBuilt(): Promise<string> {
  await withFileLock(join(SCRATCH, 'viewer-build.lock'), async () => {
    if (!(await isViewerCurrent(OUTPUT))) await buildViewer(OUTPUT);
  });
  return OUTPUT;
}

/** Runs the script that the package is built with. */
async function buildViewer(folder: string): Promise<void> {
  await runCommand(process.execPath, [join(SOURCE, 'build.mjs'), folder], { cwd: PROJECT });
}

/** Whether the built page is younger than all of its sources. */
export async function isViewerCurrent(folder: string): Promise<boolean> {
  const builtAt = await stat(join(folder, 'index.html')).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  const entries = await readdir(SOURCE, { recursive: true, withFileTypes: true });
  const times = await Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name))),
  );
  return times.every(({ mtimeMs }) => mtimeMs < builtAt);
}
