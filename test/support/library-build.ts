import { join } from 'node:path';
import { isCurrent } from '../../tools/is-current.js';
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
    if (!(await isLibraryCurrent())) {
      await runCommand(process.execPath, [BUILD], { cwd: LIBRARY });
    }
  });
}

async function isLibraryCurrent(): Promise<boolean> {
  const sources = [...CONFIGURATION, SOURCE];
  return (
    (await isCurrent(join(OUTPUT, 'index.js'), sources, (file) => !file.endsWith('.spec.ts'))) &&
    (await isViewerCurrent(join(OUTPUT, 'http', 'ui')))
  );
}
