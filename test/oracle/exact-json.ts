/** A JSON number that a JavaScript number cannot hold as it is written, such as `9007199254740993` or `1.50`. */
export class ExactNumber {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** JSON as the database holds it: no digit of a number is lost. */
export type ExactJson =
  | null
  | boolean
  | number
  | string
  | ExactNumber
  | readonly ExactJson[]
  | { readonly [key: string]: ExactJson };

interface ReviverContext {
  /** The number as written; undefined for objects and arrays. */
  readonly source?: string;
}

type Parse = (
  text: string,
  reviver: (key: string, value: unknown, context: ReviverContext) => unknown,
) => unknown;

/** `JSON.parse` without loss of digits. */
export function parseExactJson(text: string): ExactJson {
  // The lib of TypeScript 6 does not know the third argument of the reviver yet.
  return (JSON.parse as Parse)(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? new ExactNumber(source)
      : value,
  ) as ExactJson;
}
