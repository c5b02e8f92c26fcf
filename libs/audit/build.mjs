// Builds the package: `node libs/audit/build.mjs`. The compiler writes one file per source; of these, dist has the JavaScript in a few
// bundles that share chunks, and the declarations that can be reached from the entries.
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minify } from '@swc/core';
import { rollup } from 'rollup';
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

/**
 * By rollup, which leaves the names of classes as they are: Nest and errors tell classes by them, and to set the names of all functions
 * anew, as esbuild does, costs those that are made with every row.
 */
async function bundle() {
  const bundled = await rollup({
    input: Object.fromEntries(
      [...entries, 'cli/main'].map((entry) => [entry, join(compiled, `${entry}.js`)]),
    ),
    // The helpers of the compiler look for themselves in `this`, which a module has not.
    onLog: (_level, { code, message }) => {
      if (code !== 'THIS_IS_UNDEFINED') {
        throw new Error(message);
      }
    },
    external: (id) => !id.startsWith('.') && !isAbsolute(id),
  });
  // Modules that several entries load make one chunk, so that there is one class of each name.
  await bundled.write({ dir: dist, format: 'es', chunkFileNames: 'chunks/[name]-[hash].js' });
  for (const name of await readdir(dist, { recursive: true })) {
    if (name.endsWith('.js')) {
      await shorten(join(dist, name));
    }
  }
}

async function shorten(file) {
  const text = await readFile(file, 'utf8');
  const names = { toplevel: true, keep_classnames: true };
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
