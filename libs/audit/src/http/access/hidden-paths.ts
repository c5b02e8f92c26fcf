/** Stands where a value is that the reader may not see. */
export const HIDDEN: Readonly<Record<string, unknown>> = Object.freeze({ $hidden: true });

/** Properties whose values a reader does not see. */
export class HiddenPaths {
  static readonly NONE = new HiddenPaths([]);
  /** Nothing can be seen. */
  static readonly ALL = new HiddenPaths(['']);

  constructor(private readonly paths: readonly string[]) {}

  get isEmpty(): boolean {
    return this.paths.length === 0;
  }

  with(other: HiddenPaths): HiddenPaths {
    return new HiddenPaths([...this.paths, ...other.paths]);
  }

  /** Whether something of what is under a path is hidden, or the path is inside of something hidden. */
  touches(path: string): boolean {
    return this.paths.some((hidden) => isWithin(path, hidden) || isWithin(hidden, path));
  }

  /** A value of a path as the reader sees it; inside JSON and embeddables only what is hidden is replaced. */
  apply(path: string, value: unknown): unknown {
    if (value === undefined || !this.touches(path)) {
      return value;
    }
    if (this.paths.some((hidden) => isWithin(path, hidden))) {
      return HIDDEN;
    }
    if (value === null) {
      return null;
    }
    if (Array.isArray(value)) {
      return value.map((item) => this.apply(path, item));
    }
    if (isPlainObject(value) && !isTag(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([name, member]) => [name, this.apply(`${path}.${name}`, member)]),
      );
    }
    // What is inside cannot be told apart, as in a text that was cut.
    return HIDDEN;
  }
}

/** Whether a path is another one or inside it; everything is inside the empty path. */
function isWithin(path: string, outer: string): boolean {
  return outer === '' || path === outer || path.startsWith(`${outer}.`);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A value in the form in which it is stored may be a tag, whose payload is something else than its members. */
function isTag(value: object): boolean {
  const [name, other] = Object.keys(value);
  return other === undefined && (name?.startsWith('$') ?? false);
}
