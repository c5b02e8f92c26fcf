import { EvidenceFormatError } from '../../errors/evidence-errors.js';
import { canonicalNumber } from './canonical-number.js';

/** Canonical texts of the items of an array, or of the members of an object by key. */
type Items = string[] | Map<string, string>;

/** An array or object that is not read to its end yet. */
interface Open {
  readonly items: Items;
  /** Where the next member belongs. */
  key: string;
}

const SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a string of JSON must not have any
const PLAIN_STRING = /"[^"\\\u0000-\u001f\ud800-\udfff]*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,9})?/y;
const WORD = /true|false|null/y;

/**
 * JSON text in the one form that all equal values have (RFC 8785), with one difference: a number that no double holds
 * keeps all its digits, because a change of its last one would go unnoticed otherwise. Texts that programs read
 * differently are refused: a key that is there twice, a lone surrogate. No depth is too deep.
 * @throws EvidenceFormatError when it is no JSON text
 */
export function canonicalText(json: string): string {
  const value = new CanonicalReader(json).read();
  return typeof value === 'string' ? value : textOf(value);
}

/** The members of an object, each in canonical form; null when the text is no object. */
export function canonicalMembers(json: string): ReadonlyMap<string, string> | null {
  const value = new CanonicalReader(json).read();
  return value instanceof Map ? value : null;
}

/** A text as canonical JSON. */
export function canonicalString(text: string): string {
  if (!text.isWellFormed()) {
    throw new EvidenceFormatError('JSON value', 'it has a lone surrogate');
  }
  return JSON.stringify(text);
}

class CanonicalReader {
  private at = 0;
  private readonly open: Open[] = [];

  constructor(private readonly json: string) {}

  /** @returns the items of an array or object, not joined yet */
  read(): string | Items {
    this.skipSpace();
    for (;;) {
      const value = this.begin();
      const whole = value === null ? null : this.end(value);
      if (whole !== null) {
        return whole;
      }
    }
  }

  /** Reads a scalar, or goes into an array or object, of which null stands for what is not read yet. */
  private begin(): string | Items | null {
    const first = this.json[this.at];
    if (first !== '{' && first !== '[') {
      return this.scalar(first);
    }
    const items: Items = first === '{' ? new Map<string, string>() : [];
    this.at += 1;
    this.skipSpace();
    if (this.json[this.at] === (first === '{' ? '}' : ']')) {
      this.at += 1;
      return items;
    }
    this.open.push({ items, key: first === '{' ? this.key() : '' });
    return null;
  }

  /** Puts a value where it belongs and closes what ends behind it. @returns the value that the text is, at its end */
  private end(value: string | Items): string | Items | null {
    let done = value;
    for (;;) {
      this.skipSpace();
      const inside = this.open.at(-1);
      if (inside === undefined) {
        return this.at === this.json.length ? done : this.refuse();
      }
      const text = typeof done === 'string' ? done : textOf(done);
      const { items, key } = inside;
      if (items instanceof Map) {
        items.set(key, text);
      } else {
        items.push(text);
      }
      const mark = this.json[this.at];
      this.at += 1;
      if (mark === ',') {
        this.skipSpace();
        inside.key = items instanceof Map ? this.key(items) : '';
        return null;
      }
      if (mark !== (items instanceof Map ? '}' : ']')) {
        return this.refuse();
      }
      this.open.pop();
      done = items;
    }
  }

  private key(others?: ReadonlyMap<string, string>): string {
    const key: string = JSON.parse(this.string());
    if (others?.has(key)) {
      throw new EvidenceFormatError('JSON value', `it has the key ${JSON.stringify(key)} twice`);
    }
    this.skipSpace();
    if (this.json[this.at] !== ':') {
      return this.refuse();
    }
    this.at += 1;
    this.skipSpace();
    return key;
  }

  private scalar(first: string | undefined): string {
    if (first === '"') {
      return this.string();
    }
    return this.match(WORD) ?? canonicalNumber(this.match(NUMBER) ?? this.refuse());
  }

  private string(): string {
    const plain = this.match(PLAIN_STRING);
    if (plain !== null) {
      return plain;
    }
    const start = this.at;
    if (this.json[start] !== '"') {
      return this.refuse();
    }
    let end = start;
    do {
      end = this.json.indexOf('"', end + 1);
      if (end < 0) {
        return this.refuse();
      }
    } while (this.isEscaped(end, start));
    this.at = end + 1;
    let text: string;
    try {
      text = JSON.parse(this.json.slice(start, this.at));
    } catch {
      this.at = start;
      return this.refuse();
    }
    return canonicalString(text);
  }

  private isEscaped(quote: number, start: number): boolean {
    let backslashes = 0;
    while (quote - 1 - backslashes > start && this.json[quote - 1 - backslashes] === '\\') {
      backslashes += 1;
    }
    return backslashes % 2 === 1;
  }

  private skipSpace(): void {
    SPACE.lastIndex = this.at;
    SPACE.test(this.json);
    this.at = SPACE.lastIndex;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.json)?.[0] ?? null;
    this.at += found?.length ?? 0;
    return found;
  }

  private refuse(): never {
    throw new EvidenceFormatError('JSON value', `it cannot be read from character ${this.at} on`);
  }
}

function textOf(items: Items): string {
  if (!(items instanceof Map)) {
    return `[${items.join(',')}]`;
  }
  // The default order of `sort` is that of UTF-16 code units, as RFC 8785 wants it.
  const members = [...items.keys()].sort().map((key) => `${JSON.stringify(key)}:${items.get(key)}`);
  return `{${members.join(',')}}`;
}
