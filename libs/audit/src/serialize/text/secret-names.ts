import {
  ABOUT_BEGINNINGS,
  ABOUT_ENDINGS,
  OTHER_MEANINGS,
  SECRET_ENDINGS,
  SECRET_NAMES,
  SECRET_NOUNS,
  SECRET_PHRASES,
  SECRET_WORDS,
  VALUE_WORDS,
} from './secret-words.js';

const secretWords = new Set(SECRET_WORDS);
const secretNouns = new Set(SECRET_NOUNS);
const secretNames = new Set(SECRET_NAMES);
const valueWords = new Set(VALUE_WORDS);
const aboutEndings = new Set(ABOUT_ENDINGS);
const aboutBeginnings = new Set(ABOUT_BEGINNINGS);
const otherMeanings = new Map([...OTHER_MEANINGS].map(([word, before]) => [word, new Set(before)]));
const secretEnding = new RegExp(`(?:${SECRET_ENDINGS.join('|')})$`);

/** Words of a phrase; and characters of one that ends a name written in one, of which short ones prove nothing. */
const LONGEST_PHRASE = 4;
const ENDING_LENGTHS = { min: 7, max: 24 } as const;
/** Names in data have no end, so the memory starts anew when it is full. */
const MAX_REMEMBERED = 1_000;

const wordBoundary = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|[^\p{L}]+/u;

/** The names that an application adds or removes. */
export interface SecretNameOptions {
  /** Words, or words run together, that make a name secret as well. */
  readonly words?: readonly string[];
  /** Those that do not. */
  readonly except?: readonly string[];
}

/**
 * Tells names that probably hold a secret: a password, token, key, one-time code, card number and the like. Case and
 * separators do not matter (`apiKey`, `api_key`, `API-KEY`, `apikey`), words do: `pinned`, `tokenizer` and `company` are not
 * secret. In doubt they are, because a masked value can be found elsewhere and a leaked one cannot be called back.
 */
export class SecretNames {
  /** Names that the application adds, run together. */
  readonly more: ReadonlySet<string>;
  /** Those that it removes. */
  readonly except: ReadonlySet<string>;
  private readonly known = new Map<string, boolean>();

  constructor({ words = [], except = [] }: SecretNameOptions = {}) {
    this.more = new Set(words.map(runTogether));
    this.except = new Set(except.map(runTogether));
  }

  /** Remembers what it is asked often. */
  readonly isSecret = (name: string): boolean => {
    const answer = this.known.get(name);
    if (answer !== undefined) {
      return answer;
    }
    if (this.known.size >= MAX_REMEMBERED) {
      this.known.clear();
    }
    const isSecret = this.judge(wordsOf(name));
    this.known.set(name, isSecret);
    return isSecret;
  };

  private judge(words: readonly string[]): boolean {
    const [first] = words;
    const last = words.at(-1);
    if (first === undefined || last === undefined) {
      return false;
    }
    if (isAnyRun(words, this.more)) {
      return true;
    }
    if (aboutBeginnings.has(first) || aboutEndings.has(last) || isAnyRun(words, this.except)) {
      return false;
    }
    const isWhole = words.length === 1 && secretNames.has(first);
    // A list of cookies says in its members which of them are secret.
    const isCookies = words.length === 1 && first === 'cookies';
    return !isCookies && (isWhole || words.some((_, index) => isSecretAt(words, index)));
  }
}

function isSecretAt(words: readonly string[], index: number): boolean {
  const word = singular(words[index] ?? '');
  const before = words[index - 1];
  if (before !== undefined && otherMeanings.get(word)?.has(before)) {
    return false;
  }
  if (secretWords.has(word) || secretEnding.test(word) || endsWithPhrase(word)) {
    return true;
  }
  const next = words[index + 1];
  if (secretNouns.has(word) && (next === undefined || valueWords.has(next))) {
    return true;
  }
  let phrase = '';
  for (const part of words.slice(index, index + LONGEST_PHRASE)) {
    phrase += part;
    if (isPhrase(phrase) || isPhrase(singular(phrase))) {
      return true;
    }
  }
  return false;
}

function isPhrase(text: string): boolean {
  return SECRET_PHRASES.has(text) || secretWords.has(text);
}

function endsWithPhrase(word: string): boolean {
  for (let length = ENDING_LENGTHS.min; length <= Math.min(word.length, ENDING_LENGTHS.max); length += 1) {
    if (isPhrase(word.slice(-length))) {
      return true;
    }
  }
  return false;
}

/** Whether some consecutive words, run together, are among those. */
function isAnyRun(words: readonly string[], among: ReadonlySet<string>): boolean {
  return (
    among.size > 0 &&
    words.some((_, index) => {
      let run = '';
      return words.slice(index, index + LONGEST_PHRASE).some((part) => {
        run += part;
        return among.has(run) || among.has(singular(run));
      });
    })
  );
}

function runTogether(name: string): string {
  return wordsOf(name).join('');
}

/** In lower case, however they are put together. */
export function wordsOf(name: string): readonly string[] {
  return name
    .split(wordBoundary)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

function singular(word: string): string {
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
