// For `node --import`: runs the app and the library from their TypeScript sources, decorators included, without a build.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const library = (path) => new URL(`../../libs/audit/src/${path}`, import.meta.url).href;
const entries = new Map([
  ['nestjs-mikro-audit', library('index.ts')],
  ['nestjs-mikro-audit/http', library('http/index.ts')],
  ['nestjs-mikro-audit/testing', library('testing/index.ts')],
]);
const swcrc = JSON.parse(readFileSync(new URL('../../.swcrc', import.meta.url), 'utf8'));

const isTypeScript = (url) => /\.tsx?(\?|$)/.test(url);

registerHooks({
  resolve(specifier, context, next) {
    const entry = entries.get(specifier);
    if (entry) return { url: entry, shortCircuit: true };
    const isOwnSource = specifier.startsWith('.') && isTypeScript(context.parentURL ?? '');
    return next(isOwnSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load(url, context, next) {
    if (!isTypeScript(url)) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      ...swcrc,
      jsc: { ...swcrc.jsc, parser: { ...swcrc.jsc.parser, tsx: filename.endsWith('x') } },
      filename,
      sourceMaps: 'inline',
      swcrc: false,
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
