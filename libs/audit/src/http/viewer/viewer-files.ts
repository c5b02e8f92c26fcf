import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { entityTag } from '../routes/replies.js';

/** A file of the viewer's build, ready to be sent. */
export interface ViewerFile {
  /** Text: Nest's adapters would send a buffer as JSON. */
  readonly body: string;
  readonly contentType: string;
  readonly etag: string;
  /** Whether its name changes with its content, so that it never has to be asked for again. */
  readonly isHashed: boolean;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

const HASHED = /[-.][A-Za-z0-9_]{8,}\.\w+$/;

/** The files of a folder by their path in it. They are few and small, so they are kept; nothing else can be asked for. */
export async function loadViewerFiles(folder: string): Promise<ReadonlyMap<string, ViewerFile>> {
  const files = new Map<string, ViewerFile>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const contentType = CONTENT_TYPES[extname(entry.name)];
    if (entry.isFile() && contentType !== undefined) {
      const file = join(entry.parentPath, entry.name);
      const body = await readFile(file, 'utf8');
      const name = file.slice(join(folder, sep).length).replaceAll(sep, '/');
      files.set(name, { body, contentType, etag: entityTag(body), isHashed: HASHED.test(entry.name) });
    }
  }
  return files;
}
