import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * When files, or anything in folders, were changed last, in milliseconds since 1970. A file that has gone changes its folder.
 * @param isMeant says of a file in a folder whether it counts
 * @returns infinity when one of the paths is not there
 */
async function newestChange(
  paths: readonly string[],
  isMeant: (file: string) => boolean = () => true,
): Promise<number> {
  const times = await Promise.all(
    paths.map(async (path) => {
      const entry = await stat(path).catch(() => null);
      if (entry === null) {
        return Number.POSITIVE_INFINITY;
      }
      const inside = entry.isDirectory() ? await readdir(path, { recursive: true }) : [];
      const files = inside.map((name) => join(path, name)).filter(isMeant);
      return Math.max(entry.mtimeMs, ...(await Promise.all(files.map((file) => newestChange([file])))));
    }),
  );
  return Math.max(...times);
}

/** Whether a file was made after all of its sources were changed last. */
export async function isCurrent(
  output: string,
  sources: readonly string[],
  isMeant?: (file: string) => boolean,
): Promise<boolean> {
  const [builtAt, changedAt] = await Promise.all([newestChange([output]), newestChange(sources, isMeant)]);
  return Number.isFinite(builtAt) && changedAt < builtAt;
}
