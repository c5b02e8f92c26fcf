/** An element of an array of PostgreSQL in text form. */
export type ArrayElement = string | null | readonly ArrayElement[];

const SPACE = ' \t\n\v\f\r';

/**
 * Reads `{a,"b c",NULL}` as PostgreSQL does: outside quotes white space around an element does not count and the word
 * NULL in any case is a null.
 * @returns undefined when the text is not an array
 */
export function parseArrayLiteral(text: string): readonly ArrayElement[] | undefined {
  const start = /^(?:\[[^=]*=)?(?={)/.exec(text.trim());
  if (!start) {
    return undefined;
  }
  const reader = new ArrayReader(text.trim(), start[0].length);
  const elements = reader.readArray();
  return reader.isAtEnd ? elements : undefined;
}

class ArrayReader {
  constructor(
    private readonly text: string,
    private at: number,
  ) {}

  get isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  readArray(): ArrayElement[] | undefined {
    const elements: ArrayElement[] = [];
    this.at += 1;
    this.skipSpace();
    if (this.text[this.at] === '}') {
      this.at += 1;
      return elements;
    }
    for (;;) {
      this.skipSpace();
      const element = this.text[this.at] === '{' ? this.readArray() : this.readElement();
      if (element === undefined) {
        return undefined;
      }
      elements.push(element);
      this.skipSpace();
      const next = this.text[this.at];
      this.at += 1;
      if (next === '}') {
        return elements;
      }
      if (next !== ',') {
        return undefined;
      }
    }
  }

  private readElement(): string | null | undefined {
    let value = '';
    // The rest of trailing white space: everything up to here was quoted, escaped or no space.
    let end = 0;
    let isPlain = true;
    let inQuotes = false;
    for (; this.at < this.text.length; this.at += 1) {
      const char = this.text[this.at] ?? '';
      if (char === '\\') {
        this.at += 1;
        value += this.text[this.at] ?? '';
        end = value.length;
        isPlain = false;
      } else if (char === '"') {
        inQuotes = !inQuotes;
        end = value.length;
        isPlain = false;
      } else if (!inQuotes && (char === ',' || char === '}')) {
        const element = value.slice(0, end);
        return isPlain && element.toLowerCase() === 'null' ? null : element;
      } else {
        value += char;
        end = inQuotes || !SPACE.includes(char) ? value.length : end;
      }
    }
    return undefined;
  }

  private skipSpace(): void {
    while (SPACE.includes(this.text[this.at] ?? '-')) {
      this.at += 1;
    }
  }
}
