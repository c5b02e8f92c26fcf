import { readFileSync } from 'node:fs';
// A named import of what Node 20 does not have would fail before anything can be said about it.
import nodeModule from 'node:module';
import { AuditConfigurationError } from '../errors/configuration-error.js';

/** Of a package.json, as much as is asked for. */
interface Manifest {
  readonly version?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The version of a package as the library would load it; null where it is not installed, or bundled into the app. */
export type VersionSource = (name: string) => string | null;

/**
 * The package.json of the library decides, so that npm and the boot say the same. Of what is bundled into the app no
 * version is known, and nothing is refused.
 * @throws AuditConfigurationError for a version that is not supported
 */
export function assertSupportedVersions(versionOf: VersionSource = installedVersion): void {
  const { engines = {}, peerDependencies = {} } = manifestOf('..') ?? {};
  for (const [name, range] of Object.entries({ ...engines, ...peerDependencies })) {
    const version = versionOf(name);
    if (version !== null && !isWithin(version, range)) {
      throw new AuditConfigurationError(
        `nestjs-mikro-audit does not support ${name} ${version}: it needs ${range}.`,
        name === 'node'
          ? `Run the app with a Node ${range}.`
          : `Install a version of ${name} that is ${range}, or a version of nestjs-mikro-audit that supports yours.`,
      );
    }
  }
}

/** @param range of package.json: lowest versions with `^` or `>=`, of which one must do */
export function isWithin(version: string, range: string): boolean {
  const found = numbersOf(version);
  return range.split('||').some((part) => {
    const lowest = numbersOf(part);
    return compare(found, lowest) >= 0 && (!part.includes('^') || found[0] === lowest[0]);
  });
}

function installedVersion(name: string): string | null {
  return name === 'node' ? process.versions.node : (manifestOf(name)?.version ?? null);
}

/** A package need not export its package.json: Node finds it by itself. */
function manifestOf(specifier: string): Manifest | null {
  try {
    const file = nodeModule.findPackageJSON(specifier, import.meta.url);
    return file === undefined ? null : JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function numbersOf(text: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? '').split('.').map(Number);
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = [0, 1, 2].find((place) => (one[place] ?? 0) !== (other[place] ?? 0)) ?? 0;
  return (one[at] ?? 0) - (other[at] ?? 0);
}
