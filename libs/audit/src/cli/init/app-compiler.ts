import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type ts from 'typescript';
import { AuditCliError } from '../../errors/cli-errors.js';
import { type Compiler, Source } from './source.js';

/** The TypeScript of an app, its own package, and how the app is compiled by it. */
export class AppCompiler {
  readonly ts: Compiler;
  private readonly parsed: ts.ParsedCommandLine;
  private readonly opened = new Map<string, Source>();

  /** @throws AuditCliError when the folder is no app of TypeScript */
  constructor(readonly folder: string) {
    this.ts = compilerOf(folder);
    const file = ['tsconfig.build.json', 'tsconfig.json']
      .map((name) => join(folder, name))
      .find((path) => existsSync(path));
    if (file === undefined) {
      throw new AuditCliError(`${folder} has no tsconfig.json.`, 'Give --folder, the root of the app.');
    }
    const { config } = this.ts.readConfigFile(file, this.ts.sys.readFile);
    this.parsed = this.ts.parseJsonConfigFileContent(config, this.ts.sys, folder, undefined, file);
  }

  /** Sources of the app, without its tests. */
  get files(): readonly string[] {
    return this.parsed.fileNames.filter((file) => !/\.(?:d|spec|test|e2e-spec)\.[cm]?ts$/.test(file));
  }

  /** The files opened, each once. */
  get sources(): readonly Source[] {
    return [...this.opened.values()];
  }

  open(file: string): Source {
    const path = resolve(file);
    const source = this.opened.get(path) ?? new Source(this.ts, path, readFileSync(path, 'utf8'));
    this.opened.set(path, source);
    return source;
  }

  /** Makes what was inserted so far the text that is looked at. */
  settle(): void {
    for (const [path, source] of this.opened) {
      this.opened.set(path, new Source(this.ts, path, source.result(), source.before));
    }
  }

  /** The source that an import of a file leads to; null for what is not the app's own. */
  imported(specifier: string, from: Source): Source | null {
    const { resolvedModule } = this.ts.resolveModuleName(
      specifier,
      from.path,
      this.parsed.options,
      this.ts.sys,
    );
    const isOwn =
      resolvedModule !== undefined &&
      resolvedModule.isExternalLibraryImport !== true &&
      /(?<!\.d)\.[cm]?ts$/.test(resolvedModule.resolvedFileName);
    return isOwn ? this.open(resolvedModule.resolvedFileName) : null;
  }

  /** Where the compiler puts a source; null where it does not say. */
  outputOf({ path }: Source): string | null {
    const own = this.parsed.fileNames.find((file) => resolve(file) === path);
    const outputs = own === undefined ? [] : this.ts.getOutputFileNames(this.parsed, own, false);
    return outputs.find((file) => /\.[cm]?js$/.test(file)) ?? null;
  }
}

function compilerOf(folder: string): Compiler {
  let compiler: Partial<Compiler>;
  try {
    compiler = createRequire(join(folder, 'package.json'))('typescript');
  } catch (cause) {
    const remedy =
      'Install it there (npm install --save-dev typescript), or give --folder, the root of the app.';
    throw new AuditCliError(`${folder} has no TypeScript.`, remedy, cause);
  }
  if (typeof compiler.createSourceFile !== 'function') {
    throw new AuditCliError(
      `TypeScript ${compiler.version} in ${folder} cannot be called by a program.`,
      'Follow the quick start of the documentation by hand.',
    );
  }
  return compiler as Compiler;
}
