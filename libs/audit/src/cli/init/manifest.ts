import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { AuditCliError } from '../../errors/cli-errors.js';
import type { FileChange } from './file-change.js';

const BYTE_ORDER_MARK = /^\uFEFF/;

/** The package.json of an app, and the members that it is to have. */
export class Manifest {
  private readonly file = 'package.json';
  private readonly before: string;
  private after: string;

  private readonly content: object;

  /** @throws AuditCliError when it is not there, or no JSON */
  constructor(private readonly folder: string) {
    const path = join(folder, this.file);
    try {
      this.before = readFileSync(path, 'utf8');
      this.content = JSON.parse(this.before.replace(BYTE_ORDER_MARK, '')) as object;
    } catch (cause) {
      throw new AuditCliError(
        `${path} cannot be read as JSON.`,
        'Give --folder, the root of the app.',
        cause,
      );
    }
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
      const [, indent = '  '] = /^\uFEFF?\{\s*\n([ \t]+)/.exec(this.after) ?? [];
      const before = this.after.slice(0, end.index);
      this.after = `${before}${before.endsWith('{') ? '' : ','}\n${indent}"${name}": ${value}${end[0]}`;
    }
  }
}
