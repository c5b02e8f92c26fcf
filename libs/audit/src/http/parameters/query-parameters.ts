import { InvalidQueryError } from '../../errors/query-errors.js';
import { isSafeText } from '../../serialize/text/safe-text.js';

/** The common part of a request of Express and Fastify. */
export interface HttpRequest {
  readonly url: string;
  /** As it came, before a router has cut its own prefix off. */
  readonly originalUrl?: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly socket?: RequestSocket;
  /** Of Fastify. */
  readonly raw?: { readonly socket?: RequestSocket };
}

interface RequestSocket {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
const MAX_LIMIT = 500;
/** Enough for every name, time and text that one looks for; only comparisons are lists of values. */
const MAX_CHARACTERS = 400;
/** Every value is compared with it, character by character. */
const MAX_TEXT_CHARACTERS = 100;
/** Cursors have an id of an entity in them, which may be of any length. */
const MAX_LONG_CHARACTERS = 8_000;
const COMPARISON = /^(?:value$|where\.)/;
/** Names of entities and ids are looked up; all others are conditions, of which each row is tested for each. */
const MAX_GIVEN: Readonly<Record<string, number>> = { id: 200, entity: 200 };
const MAX_CONDITIONS = 20;

/** The query string of a request, read strictly: what is not understood is an error, never ignored. */
export class QueryParameters {
  private readonly values = new Map<string, string[]>();

  /**
   * Read from the URL itself, because each adapter has a parser of its own that makes objects of some names.
   * @param isLegal whether there is such a parameter
   * @throws InvalidQueryError for a parameter that there is not, and for a text that PostgreSQL cannot take
   */
  constructor({ originalUrl, url }: HttpRequest, legal: readonly string[], legalPrefix?: string) {
    const [, query = ''] = (originalUrl ?? url).split(/\?(.*)/s);
    for (const [name, value] of new URLSearchParams(query)) {
      const isLegal = legal.includes(name) || (legalPrefix !== undefined && name.startsWith(legalPrefix));
      if (!isLegal) {
        throw new InvalidQueryError(
          displayName(name),
          'is no parameter of this route',
          legal.length > 0 ? `Use some of: ${legal.join(', ')}.` : 'Leave it out.',
        );
      }
      if (!isSafeText(value) || !isSafeText(name)) {
        throw new InvalidQueryError(displayName(name), 'has a NUL character', 'Leave that character out.');
      }
      assertLength(name, value);
      this.values.set(name, [...(this.values.get(name) ?? []), value]);
    }
    this.assertNumbers();
  }

  private assertNumbers(): void {
    for (const [name, { length }] of this.values) {
      assertAtMost(name, length, MAX_GIVEN[name] ?? MAX_CONDITIONS);
    }
    const compared = [...this.values].filter(([name]) => COMPARISON.test(name)).flatMap(([, all]) => all);
    assertAtMost(this.values.has('value') ? 'value' : 'where', compared.length, MAX_CONDITIONS);
  }

  all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  /** All of them, as they came. */
  toJson(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(this.values);
  }

  /** Those whose name begins with a prefix, by the rest of their name. */
  withPrefix(prefix: string): ReadonlyMap<string, string> {
    const names = [...this.values.keys()].filter((name) => name.startsWith(prefix));
    return new Map(names.map((name) => [name.slice(prefix.length), this.one(name) ?? '']));
  }

  /** @throws InvalidQueryError when it is given more than once */
  one(name: string): string | undefined {
    const [first, second] = this.all(name);
    if (second !== undefined) {
      throw new InvalidQueryError(name, 'is given more than once', 'Give it once.');
    }
    return first;
  }

  /** Like `one`; an empty text is none. */
  text(name: string): string | undefined {
    const text = this.one(name);
    return text === '' ? undefined : text;
  }

  /** @throws InvalidQueryError when it is not one of the words */
  word<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const text = this.one(name);
    return text === undefined ? undefined : oneOf(name, text, words);
  }

  words<Word extends string>(name: string, words: readonly Word[]): readonly Word[] {
    return this.all(name).map((text) => oneOf(name, text, words));
  }

  /** @throws InvalidQueryError when it is no number from 1 to 500, or to another most */
  limit(most = MAX_LIMIT): number | undefined {
    const text = this.one('limit');
    if (text === undefined) {
      return undefined;
    }
    const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
    if (limit < 1 || limit > most) {
      throw new InvalidQueryError(
        'limit',
        `is no whole number from 1 to ${most}`,
        'Give one, or leave it out.',
      );
    }
    return limit;
  }

  /** @throws InvalidQueryError when it is no ISO 8601 time with a zone */
  instant(name: string): Date | undefined {
    const text = this.one(name);
    return text === undefined ? undefined : instantOf(name, text);
  }
}

/** @throws InvalidQueryError when the text is no ISO 8601 time with a zone */
export function instantOf(name: string, text: string): Date {
  const instant = new Date(INSTANT.test(text) ? text : Number.NaN);
  // PostgreSQL knows no year 0.
  if (Number.isNaN(instant.getTime()) || instant.getUTCFullYear() < 1) {
    throw new InvalidQueryError(
      name,
      'is no time',
      'Give an ISO 8601 time with its zone, such as 2027-01-14T06:00:00Z.',
    );
  }
  return instant;
}

function oneOf<Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === text);
  if (word === undefined) {
    throw new InvalidQueryError(name, 'is not one of its words', `Use one of: ${words.join(', ')}.`);
  }
  return word;
}

function assertLength(name: string, value: string): void {
  const most = mostCharacters(name);
  if (name.length > MAX_CHARACTERS || value.length > most) {
    throw new InvalidQueryError(
      displayName(name),
      `is longer than ${name.length > MAX_CHARACTERS ? MAX_CHARACTERS : most} characters`,
      'Give a shorter one.',
    );
  }
}

function mostCharacters(name: string): number {
  if (name === 'cursor' || COMPARISON.test(name)) {
    return MAX_LONG_CHARACTERS;
  }
  return name === 'text' ? MAX_TEXT_CHARACTERS : MAX_CHARACTERS;
}

function assertAtMost(name: string, given: number, most: number): void {
  if (given > most) {
    throw new InvalidQueryError(name, `is given more than ${most} times`, 'Ask for less at a time.');
  }
}

/** The name of a parameter comes from the caller. */
function displayName(name: string): string {
  return name.slice(0, 50);
}
