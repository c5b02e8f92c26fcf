import type { JsonObject, JsonValue } from '../../model/json.js';
import { withoutIndexes } from '../../query/terms/property-path.js';
import { isJsonArray, isJsonObject } from '../../serialize/json/json-shape.js';
import { encodedMembers } from '../../serialize/json/value-decoder.js';
import { encodeMembers } from '../../serialize/json/value-tags.js';

/** Stands where a value is that the reader may not see: a tag among those of the stored form. */
export const HIDDEN: JsonObject = Object.freeze({ $hidden: true });

/** Properties whose values a reader does not see. */
export class HiddenPaths {
  static readonly NONE = new HiddenPaths([]);
  /** Nothing can be seen. */
  static readonly ALL = new HiddenPaths(['']);

  private readonly paths: readonly string[];

  constructor(paths: readonly string[]) {
    this.paths = paths.map(withoutIndexes);
  }

  get isEmpty(): boolean {
    return this.paths.length === 0;
  }

  with(other: HiddenPaths): HiddenPaths {
    return new HiddenPaths([...this.paths, ...other.paths]);
  }

  /**
   * Whether something of what is under a path is hidden, or the path is inside of something hidden. Members of a tag are not
   * those that their names say, so what is in one is as hidden as anything around it.
   */
  touches(path: string): boolean {
    const [outside = path] = path.split(/\.\$/, 1);
    return this.meets(withoutIndexes(outside));
  }

  /**
   * A value of a path as the reader sees it; inside JSON and embeddables only what is hidden is replaced.
   * @param value in stored form
   */
  apply(path: string, value: JsonValue): JsonValue {
    const plain = withoutIndexes(path);
    if (!this.meets(plain)) {
      return value;
    }
    if (this.paths.some((hidden) => isWithin(plain, hidden))) {
      return HIDDEN;
    }
    if (value === null) {
      return null;
    }
    if (isJsonArray(value)) {
      return value.map((item) => this.apply(path, item));
    }
    const members = isJsonObject(value) ? encodedMembers(value) : null;
    // Without members what is inside cannot be told apart, as in a text that was cut.
    return members
      ? encodeMembers(members.map(([name, member]) => [name, this.apply(`${path}.${name}`, member)]))
      : HIDDEN;
  }

  private meets(path: string): boolean {
    return this.paths.some((hidden) => isWithin(path, hidden) || isWithin(hidden, path));
  }
}

/** Whether a path is another one or inside it; everything is inside the empty path. */
function isWithin(path: string, outer: string): boolean {
  return outer === '' || path === outer || path.startsWith(`${outer}.`);
}
