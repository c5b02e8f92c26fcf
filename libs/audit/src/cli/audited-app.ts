import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DynamicModule, INestApplicationContext, LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuditCliError } from '../errors/cli-errors.js';
import { describeCause } from '../errors/describe-cause.js';

const MANIFEST = 'package.json';
const REMEDY = `Add "mikro-audit": { "module": "./dist/app.module.js#AppModule" } to ${MANIFEST}, or give --module path#AppModule.`;

/** A module of a compiled file, or a promise for it: `path#ExportedName`. */
interface ModuleName {
  readonly file: string;
  /** Null for the default export, or the only module. */
  readonly name: string | null;
}

/**
 * Boots the app as a Nest application context: no server, no routes.
 * @param given of `--module`; undefined for what the nearest package.json says
 * @throws AuditCliError when there is no such module, or it does not start
 */
export async function bootApp(
  given: string | undefined,
  cwd: string,
  logger: LoggerService,
): Promise<INestApplicationContext> {
  const module = await loadModule(given === undefined ? declaredModule(cwd) : parse(given, cwd));
  try {
    return await NestFactory.createApplicationContext(module, { logger, abortOnError: false });
  } catch (cause) {
    throw new AuditCliError(
      `The app does not start (${describeCause(cause)}).`,
      'Start it by itself, with the same environment, to see why.',
      cause,
    );
  }
}

function declaredModule(cwd: string): ModuleName {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, MANIFEST);
    const declared = existsSync(file) ? moduleIn(file) : undefined;
    if (declared !== undefined) {
      return parse(declared, folder);
    }
    if (dirname(folder) === folder) {
      throw new AuditCliError(`No ${MANIFEST} from ${cwd} upwards says which module the app is.`, REMEDY);
    }
  }
}

function moduleIn(file: string): string | undefined {
  let manifest: { readonly 'mikro-audit'?: { readonly module?: unknown } };
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new AuditCliError(`${file} is no JSON.`, 'Correct it, or give --module path#AppModule.', cause);
  }
  const declared = manifest['mikro-audit']?.module;
  if (declared !== undefined && typeof declared !== 'string') {
    throw new AuditCliError(`"mikro-audit.module" in ${file} is no text.`, REMEDY);
  }
  return declared;
}

function parse(text: string, folder: string): ModuleName {
  const at = text.lastIndexOf('#');
  const [path, name] = at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
  return { file: isAbsolute(path) ? path : resolve(folder, path), name };
}

async function loadModule({ file, name }: ModuleName): Promise<Type | DynamicModule> {
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await import(pathToFileURL(file).href);
  } catch (cause) {
    throw new AuditCliError(
      `${file} cannot be loaded (${describeCause(cause)}).`,
      'Name the compiled file, and build the app first.',
      cause,
    );
  }
  const modules = Object.values(exported).filter(isModule);
  const found = await (name === null
    ? (exported.default ?? (modules.length === 1 ? modules[0] : null))
    : exported[name]);
  if (!isModule(found)) {
    throw new AuditCliError(
      name === null ? `${file} does not export one module.` : `${file} does not export the module ${name}.`,
      `Export a class or a dynamic module, and name it. There is: ${Object.keys(exported).join(', ')}.`,
    );
  }
  return found;
}

/** A class, or what its `forRoot()` or `register()` has given. */
function isModule(value: unknown): value is Type | DynamicModule {
  return typeof value === 'function' || (typeof value === 'object' && value !== null && 'module' in value);
}
