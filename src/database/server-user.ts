import { lstat, readFile } from 'node:fs/promises';
import { StartError } from './start-error.js';

export const isRoot = process.getuid?.() === 0;

/** The unprivileged user that PostgreSQL insists on; empty when we are not root ourselves. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: the user `postgres` if the system has one, else `nobody`, which is always there. */
async function serverUsers(): Promise<ServerUser[]> {
  if (!isRoot) return [];
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const found = ['postgres', 'nobody'].flatMap((login) => users.filter((user) => user[0] === login));
  if (found.length === 0)
    throw new StartError(
      'As root, PostgreSQL needs a user "postgres" or "nobody" to run as. Set DATABASE_URL.',
    );
  return found.map((user) => ({ uid: Number(user[2]), gid: Number(user[3]) }));
}

/** The user that owns the data in `home`, else the one to own it. */
export async function serverUser(home: string): Promise<ServerUser> {
  const users = await serverUsers();
  const uid = (await lstat(home).catch(() => null))?.uid;
  return users.find((user) => user.uid === uid) ?? users[0] ?? {};
}

export async function isOurs(uid: number): Promise<boolean> {
  return (
    !process.getuid || uid === process.getuid() || (await serverUsers()).some((user) => user.uid === uid)
  );
}
