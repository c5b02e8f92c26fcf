import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EvidencePublishError } from '../../errors/evidence-errors.js';
import type { CheckpointPublisher } from './checkpoint-publisher.js';

const DIGITS = 16;
const NAME = /^\d{16}\.checkpoint$/;
const LATEST = 'latest';

/**
 * Publishes checkpoints as files of a folder: `<folder>/<origin>/<size>.checkpoint`, the origin as in a URL, and the newest one
 * again as `latest`, whose time says when the log was last alive. The file of a size is written once and never changed.
 * @param folder on a file system that whoever can change the database cannot change, and that all processes of the log share
 */
export function checkpointFolder(folder: string): CheckpointPublisher {
  const of = (origin: string): string => join(resolve(folder), encodeURIComponent(origin));
  return {
    place: resolve(folder),
    async latest(origin) {
      const newest = (await namesIn(of(origin)))
        .filter((name) => NAME.test(name))
        .sort()
        .at(-1);
      return newest === undefined ? null : readFile(join(of(origin), newest), 'utf8');
    },
    async publish(origin, size, note) {
      const path = of(origin);
      await mkdir(path, { recursive: true });
      const name = `${String(size).padStart(DIGITS, '0')}.checkpoint`;
      const names = (await namesIn(path)).filter((other) => NAME.test(other));
      if (!names.includes(name)) {
        await writeWhole(path, name, note);
      }
      // Two logs under one origin both extend what was there when they asked.
      if (textOf(await readFile(join(path, name), 'utf8')) !== textOf(note)) {
        throw new EvidencePublishError(
          resolve(folder),
          `it has another checkpoint of ${size} positions of ${origin}: two logs sign under one origin; keep both trails, and give one of them another origin`,
        );
      }
      // A leader that was cut off may come behind the one that has taken its place.
      if (!names.some((other) => other > name)) {
        await writeWhole(path, LATEST, note);
      }
    },
  };
}

/** A checkpoint without its signatures, which differ while keys are exchanged. */
function textOf(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n') + 1) || note;
}

async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return [];
    }
    throw error;
  }
}

/**
 * A reader sees all of it or nothing, also after a power failure. Two leaders may write at once, for a moment, and in containers
 * each of them is process 1: none may write into the file of the other.
 */
async function writeWhole(path: string, name: string, text: string): Promise<void> {
  const unfinished = join(path, `.${name}.${randomUUID()}`);
  try {
    const file = await open(unfinished, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, join(path, name));
  } catch (error) {
    // It is tried again and again, and a full disk has to find no more files each time.
    await rm(unfinished, { force: true });
    throw error;
  }
  // Windows keeps the name by itself, and opens no folder.
  if (process.platform !== 'win32') {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
