// Builds the viewer into the package: `node libs/audit/ui/build.mjs [folder]`, by default libs/audit/dist/http/ui.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(here, '../dist/http/ui'));
const assets = join(folder, 'assets');

/** Bundles one file; its name gets a hash of its content, so that browsers may keep it for ever. */
async function bundle(entry, options) {
  const { metafile } = await build({
    entryPoints: { viewer: join(here, entry) },
    outdir: assets,
    // The hash takes the paths of the sources in: seen from here they are the same on every machine.
    absWorkingDir: here,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    metafile: true,
    ...options,
  });
  const [output = ''] = Object.keys(metafile.outputs);
  return `assets/${basename(output)}`;
}

await rm(folder, { recursive: true, force: true });
await mkdir(assets, { recursive: true });
const script = await bundle('src/main.tsx', {
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  // The license of Preact asks for this.
  banner: {
    js: '/*! The viewer of nestjs-mikro-audit, MIT. With Preact, MIT, (c) 2015-present Jason Miller. */',
  },
});
const style = await bundle('styles/viewer.css', {});
const page = await readFile(join(here, 'public/index.html'), 'utf8');
await writeFile(
  join(folder, 'index.html'),
  page.replace('assets/viewer.js', script).replace('assets/viewer.css', style),
);
await writeFile(join(assets, 'icon.svg'), await readFile(join(here, 'public/icon.svg')));
