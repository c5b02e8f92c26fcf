import { dirname, join, relative } from 'node:path';
import type ts from 'typescript';
import type { AppCompiler } from './app-compiler.js';
import type { Found } from './app-names.js';
import type { AppParts } from './app-parts.js';
import type { FileChange } from './file-change.js';
import type { Manifest } from './manifest.js';

const FILE = 'mikro-orm.config.ts';
const NAME = 'mikroOrmConfig';
const BY_HAND = `The command line of MikroORM has no configuration. Write src/${FILE}, which exports it by default`;

/** The file that was made for the command line of MikroORM, or what is to be done by hand in its place. */
export interface CliConfiguration {
  readonly changes: readonly FileChange[];
  readonly hints: readonly string[];
}

/** Gives the command line of MikroORM the configuration that the app has, by a file that names it, unless it has one. */
export function configureCli(compiler: AppCompiler, parts: AppParts, manifest: Manifest): CliConfiguration {
  if (parts.hasCliConfiguration()) {
    return { changes: [], hints: [] };
  }
  const main = parts.mainFile();
  const output = compiler.outputOf(main);
  const exported = exportedConfiguration(compiler, parts);
  if (typeof exported === 'string' || output === null) {
    return { changes: [], hints: [`${BY_HAND}: ${output === null ? 'it is not compiled' : exported}.`] };
  }
  const { source, name } = exported;
  const path = join(dirname(main.path), FILE);
  const { quote, end } = main.style;
  const specifier = `${quote}${specifierOf(source.path, path, /\.js['"]/.test(main.text))}${quote}`;
  const names = name === 'default' ? 'default' : `${name} as default`;
  const after = `// For the command line of MikroORM, such as: npx mikro-orm migration:create\nexport { ${names} } from ${specifier}${end}\n`;
  const compiled = manifest.pathOf(join(dirname(output), FILE.replace(/ts$/, 'js')));
  // Compiled, because the loaders of TypeScript do not all know the types that decorators ask for.
  manifest.add('mikro-orm', `{ "preferTs": false, "configPaths": ["${compiled}"] }`);
  return { changes: [{ file: relative(compiler.folder, path), before: '', after }], hints: [] };
}

/** Where the configuration is exported and by which name; else why it cannot be. */
function exportedConfiguration(
  { ts }: AppCompiler,
  parts: AppParts,
): { readonly source: Found<ts.Node>['source']; readonly name: string } | string {
  const { source, node, call } = parts.configuration();
  const [argument] = call.node.arguments;
  if (parts.property(node, 'autoLoadEntities')) {
    return 'only the running app knows its entities, by autoLoadEntities';
  }
  if (!argument || /Async$/.test(call.node.expression.getText()) || isInFunction(ts, argument)) {
    return 'only the running app knows it, by a function';
  }
  if (ts.isIdentifier(argument)) {
    const named = parts.names.origin({ source: call.source, node: argument });
    if (named.source === call.source) {
      named.source.exportValue(node, named.name);
    }
    return named;
  }
  if (new RegExp(`\\b${NAME}\\b`).test(source.text)) {
    return `${parts.nameOf(source)} has a ${NAME} already`;
  }
  const later = source.laterName(argument);
  if (later !== null) {
    return `it cannot stand before ${later}, which it names`;
  }
  source.moveOut(argument, NAME, 'MikroOrmModuleSyncOptions');
  source.import('type MikroOrmModuleSyncOptions', '@mikro-orm/nestjs');
  return { source, name: NAME };
}

function isInFunction(ts: AppCompiler['ts'], node: ts.Node): boolean {
  return ts.findAncestor(node, ts.isFunctionLike) !== undefined;
}

function specifierOf(to: string, from: string, hasExtension: boolean): string {
  const path = relative(dirname(from), to)
    .replaceAll('\\', '/')
    .replace(/\.([cm]?)ts$/, hasExtension ? '.$1js' : '');
  return path.startsWith('.') ? path : `./${path}`;
}
