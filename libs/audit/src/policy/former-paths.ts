import type { AuditedOptions } from './policy-declaration.js';

/** Paths that were renamed, in both directions. A renamed embeddable renames the paths inside it. */
export class FormerPaths {
  private readonly presentByFormer: ReadonlyMap<string, string>;

  constructor(properties: NonNullable<AuditedOptions['formerly']>['properties'] = {}) {
    this.presentByFormer = new Map(
      Object.entries(properties).flatMap(([present, former = []]) =>
        [former].flat().map((name): [string, string] => [name, present]),
      ),
    );
  }

  /** The former paths and the present one of each. */
  entries(): Iterable<readonly [former: string, present: string]> {
    return this.presentByFormer;
  }

  get isEmpty(): boolean {
    return this.presentByFormer.size === 0;
  }

  /** The path that a stored one has today. */
  present(stored: string): string {
    for (const [former, present] of this.presentByFormer) {
      const renamed = replacePrefix(stored, former, present);
      if (renamed !== undefined) {
        return renamed;
      }
    }
    return stored;
  }

  /** Every path under which values of a present path may be stored, itself first. */
  stored(path: string): readonly string[] {
    const former = [...this.presentByFormer].flatMap(
      ([from, present]) => replacePrefix(path, present, from) ?? [],
    );
    return [path, ...former];
  }
}

function replacePrefix(path: string, prefix: string, replacement: string): string | undefined {
  if (path === prefix) {
    return replacement;
  }
  return path.startsWith(`${prefix}.`) ? replacement + path.slice(prefix.length) : undefined;
}
