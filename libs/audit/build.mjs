// Builds the package: `node libs/audit/build.mjs`. The compiler writes one file per source; of these, dist has the JavaScript in a few
// bundles that share chunks, and the declarations that can be reached from the entries.
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minify } from '@swc/core';
import { build } from 'esbuild';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const compiled = join(here, '../../tmp/compiled-library');
const dist = join(here, 'dist');
const entries = ['index', 'http/index', 'testing/index'];

await rm(compiled, { recursive: true, force: true });
compile();
await rm(dist, { recursive: true, force: true });
await bundle();
await Promise.all(entries.map(writeForRequire));
await writeDeclarations();
await cp(join(here, '../../CHANGELOG.md'), join(here, 'CHANGELOG.md'));
await import('./ui/build.mjs');

function compile() {
  const file = join(here, 'tsconfig.build.json');
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    config,
    ts.sys,
    here,
    { outDir: compiled },
    file,
  );
  const program = ts.createProgram(fileNames, options);
  const { diagnostics } = program.emit();
  const found = ts.getPreEmitDiagnostics(program).concat(diagnostics);
  if (found.length > 0) {
    throw new Error(ts.formatDiagnostics(found, ts.createCompilerHost(options)));
  }
}

async function bundle() {
  await build({
    entryPoints: [...entries, 'cli/main'].map((entry) => join(compiled, `${entry}.js`)),
    outbase: compiled,
    outdir: dist,
    bundle: true,
    // What several entries load is one chunk, so that there is one class of each name.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node22.17',
    packages: 'external',
    legalComments: 'none',
    // Nest and errors tell classes by their names, of which bundles have some more than once.
    keepNames: true,
  });
  for (const name of await readdir(dist, { recursive: true })) {
    if (name.endsWith('.js')) {
      await shorten(join(dist, name));
    }
  }
}

async function shorten(file) {
  const text = await readFile(file, 'utf8');
  const names = { toplevel: true };
  const { code } = await minify(text, { module: true, ecma: 2022, compress: names, mangle: names });
  const [program = ''] = /^#!.*\n/.exec(text) ?? [];
  await writeFile(file, code.startsWith(program) ? code : program + code);
}

/** `require()` gets the same modules, by an entry that TypeScript takes for CommonJS. */
async function writeForRequire(entry) {
  const name = entry.split('/').at(-1);
  await writeFile(join(dist, `${entry}.cjs`), `module.exports = require('./${name}.js');\n`);
  await writeFile(join(dist, `${entry}.d.cts`), `export * from './${name}.js';\n`);
}

/** Comments stay where something public is declared. */
async function writeDeclarations() {
  const ofEntries = entries.map((entry) => join(compiled, `${entry}.d.ts`));
  const described = new Set(ofEntries);
  for (const file of ofEntries) {
    for (const imported of importsOf(file, await readFile(file, 'utf8'))) {
      described.add(imported);
    }
  }
  const reached = new Set(ofEntries);
  for (const file of reached) {
    const text = await readFile(file, 'utf8');
    for (const imported of importsOf(file, text)) {
      reached.add(imported);
    }
    const target = join(dist, relative(compiled, file));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, described.has(file) ? text : text.replace(/^ *\/\*\*[\s\S]*?\*\/\n/gm, ''));
  }
}

function importsOf(file, text) {
  return [...text.matchAll(/(?:from |import\()["'](\.[^"']+)\.js["']/g)].map(([, path = '']) =>
    resolve(dirname(file), `${path}.d.ts`),
  );
}
