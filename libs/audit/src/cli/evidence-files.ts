import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AuditCliError } from '../errors/cli-errors.js';
import { describeCause } from '../errors/describe-cause.js';
import type { LogTrust, TrustedKey } from '../evidence/note/log-trust.js';

/** As the command line has it. */
export interface TrustArguments {
  readonly trust?: string;
  readonly origin?: string;
  readonly key?: readonly string[];
}

/** Reads what somebody has named on the command line. */
export function textFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AuditCliError(
      `${path} cannot be read (${describeCause(cause)}).`,
      'Name a file that is there.',
      cause,
    );
  }
}

/**
 * The texts of files, and of all files in folders, where somebody keeps what a log has published. Of a folder that several logs publish
 * to, with `checkpointFolder()`, those of the one that is verified.
 */
export function textsIn(paths: readonly string[], origin: string): readonly string[] {
  return paths
    .flatMap((path) => {
      const own = join(path, encodeURIComponent(origin));
      return isFolder(path) ? filesIn(isFolder(own) ? own : path) : [path];
    })
    .map(textFile);
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function filesIn(folder: string): readonly string[] {
  return (
    readdirSync(folder, { withFileTypes: true, recursive: true })
      // Those with a dot are unfinished.
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map(({ name, parentPath }) => join(parentPath, name))
  );
}

/** Which log and which keys, of the file or of the options; never of what is verified. */
export function trustOf({ trust, origin, key = [] }: TrustArguments): LogTrust {
  const file = trust === undefined ? null : trustIn(trust);
  const name = origin ?? file?.origin;
  if (name === undefined) {
    throw new AuditCliError(
      'Nothing says which log it is.',
      'Give --origin and --key as the owner of the log has published them, or --trust with a file that has both.',
    );
  }
  return { origin: name, keys: [...(file?.keys ?? []), ...key.map((text): TrustedKey => ({ key: text }))] };
}

function trustIn(path: string): LogTrust {
  let value: Partial<LogTrust> | null = null;
  try {
    value = JSON.parse(textFile(path));
  } catch (cause) {
    throw new AuditCliError(`${path} is no JSON.`, REMEDY, cause);
  }
  const { origin, keys } = value ?? {};
  if (typeof origin !== 'string' || !Array.isArray(keys) || !keys.every(isTrustedKey)) {
    throw new AuditCliError(`${path} does not say whom to trust.`, REMEDY);
  }
  return { origin, keys };
}

const REMEDY = 'It has to say { "origin": "...", "keys": [{ "key": "...", "from": 0, "until": 1000 }] }.';

function isTrustedKey(value: unknown): value is TrustedKey {
  if (typeof value !== 'object' || value === null || !('key' in value) || typeof value.key !== 'string') {
    return false;
  }
  const [from, until] = ['from' in value ? value.from : 0, 'until' in value ? value.until : 0];
  return typeof from === 'number' && typeof until === 'number';
}
