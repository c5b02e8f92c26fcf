import { join } from 'node:path';
import { ensureLibraryBuilt } from './library-build.js';
import { LIBRARY } from './project-paths.js';
import { runCommand } from './run-command.js';

export interface PackedLibrary {
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly size: number;
  readonly paths: readonly string[];
}

/** Packs the library as npm would publish it, into a folder. */
export async function packLibrary(folder: string): Promise<PackedLibrary> {
  await ensureLibraryBuilt();
  const output = await runCommand('npm', ['pack', '--json', '--pack-destination', folder], { cwd: LIBRARY });
  const [{ filename, size, files }] = JSON.parse(output) as [
    { filename: string; size: number; files: readonly { readonly path: string }[] },
  ];
  return { tarball: join(folder, filename), size, paths: files.map(({ path }) => path) };
}
