import { join } from 'node:path';
import { isCurrent } from '../../tools/is-current.js';
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
export function isViewerCurrent(folder: string): Promise<boolean> {
  return isCurrent(join(folder, 'index.html'), [SOURCE]);
}
