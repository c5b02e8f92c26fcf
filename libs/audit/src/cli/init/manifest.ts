import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { FileChange } from './file-change.js';

/** The package.json of an app, and the members that it is to have. */
export class Manifest {
  private readonly file = 'package.json';
  private readonly before: string;
  private after: string;

  constructor(private readonly folder: string) {
    this.before = readFileSync(join(folder, this.file), 'utf8');
    this.after = this.before;
  }

  get change(): FileChange {
    return { file: this.file, before: this.before, after: this.after };
  }

  /** A path as package.json has it. */
  pathOf(file: string): string {
    return `./${relative(this.folder, file).split(sep).join('/')}`;
  }

  /** Where the command line of MikroORM looks for its configuration, as far as the app says it. */
  get configPaths(): readonly string[] {
    const { 'mikro-orm': settings } = this.content as {
      readonly 'mikro-orm'?: { readonly configPaths?: readonly string[] };
    };
    return settings?.configPaths ?? [];
  }

  /** Adds a member at the end, unless it is there. */
  add(name: string, value: string): void {
    const end = /\s*\}\s*$/.exec(this.after);
    if (!(name in this.content) && end) {
      const [, indent = '  '] = /^\{\s*\n([ \t]+)/.exec(this.after) ?? [];
      this.after = `${this.after.slice(0, end.index)},\n${indent}"${name}": ${value}${end[0]}`;
    }
  }

  private get content(): object {
    return JSON.parse(this.before) as object;
  }
}
