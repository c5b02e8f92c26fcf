import { literal } from '../../model/sql-names.js';
import {
  API_KEY,
  CARD_NUMBER,
  JWT,
  PRIVATE_KEY,
  QUERY_PARAMETER,
  type SecretTextKind,
  type SecretTexts,
  SIGNATURES,
} from '../../serialize/text/secret-texts.js';
import type { SecretNamesSql } from './secret-names-sql.js';
import { dedented } from './sql-parts.js';

/**
 * A sign that each text of a kind has, and JSON that holds such a text, with its escapes: most texts have none of them, and are not
 * looked at any further.
 */
const SIGNS: Readonly<Record<SecretTextKind, string>> = {
  url: '://[^\\s/?#]*:[^\\s/?#]+@|[?&#;][^=&#;\\s]+=',
  jwt: 'eyJ',
  'private-key': 'PRIVATE KEY',
  'api-key': 'AKIA|ASIA|gh[pousr]_|[sr]k_(?:live|test)_|xox|AIza|glpat-',
  'card-number': '[2-6](?:[ -]?[0-9]){12}',
};

/** `SecretTexts` in SQL. */
export class SecretTextsSql {
  private readonly kinds: ReadonlySet<SecretTextKind>;

  constructor(
    texts: SecretTexts,
    private readonly names: SecretNamesSql,
  ) {
    this.kinds = texts.kinds;
  }

  /** Whether a text may hold a secret: false is certain. Null for null; undefined where no text does. */
  mayBeSecret(text: string): string | undefined {
    const { url, ...others } = SIGNS;
    const patterns = (Object.keys(others) as (keyof typeof others)[]).filter((kind) => this.kinds.has(kind));
    const signs = [
      ...(this.kinds.has('url') ? [`(strpos(${text}, '://') > 0 and ${text} ~ ${literal(url)})`] : []),
      ...(patterns.length > 0
        ? [`${text} ~ ${literal(patterns.map((kind) => others[kind]).join('|'))}`]
        : []),
    ];
    return signs.length === 0 ? undefined : `(${signs.join(' or ')})`;
  }

  /** Whether a text holds a secret. Null for null. */
  isSecret(text: string): string {
    const matches = (pattern: RegExp) => `${text} ~ ${regularExpression(pattern)}`;
    const conditions: Readonly<Record<SecretTextKind, () => string>> = {
      url: () => this.hasSecretUrl(text),
      jwt: () => matches(JWT),
      'private-key': () => matches(PRIVATE_KEY),
      'api-key': () => matches(API_KEY),
      'card-number': () => hasCardNumber(text),
    };
    const found = [...this.kinds].map((kind) => conditions[kind]());
    return found.length === 0 ? 'false' : `(${found.join(' or ')})`;
  }

  get areDigitsSecret(): boolean {
    return this.kinds.has('card-number');
  }

  /** Whether a number of JSON, which is given as text, is secret. */
  isSecretNumber(text: string): string {
    return this.areDigitsSecret
      ? `(${text} ~ '^-?[0-9]{13,16}$' and abs(${text}::numeric) <= ${Number.MAX_SAFE_INTEGER} and ${hasCardNumber(text)})`
      : 'false';
  }

  /** The part between `://` and the path may be longer here: more is hidden then, not less. */
  private hasSecretUrl(text: string): string {
    return dedented(`(strpos(${text}, '://') > 0 and (${text} ~ '://[^\\s/?#]*:[^\\s/?#]+@'
      or exists (select from regexp_matches(${text}, ${regularExpression(QUERY_PARAMETER)}, 'g') parameter
        where lower(parameter[1]) in (${[...SIGNATURES].map(literal).join(', ')}) or ${this.names.isSecret('parameter[1]')})))`);
  }
}

/** By the check digit of Luhn. */
function hasCardNumber(text: string): string {
  return dedented(`exists (select from regexp_matches(${text}, ${literal(`(${CARD_NUMBER.source})`)}, 'g') run,
    lateral (select reverse(regexp_replace(run[1], '[ -]', '', 'g')) as digits) number
    where (select sum(case when place % 2 = 1 then digit else digit * 2 - case when digit > 4 then 9 else 0 end end)
      from generate_series(1, length(number.digits)) place, lateral (select substr(number.digits, place, 1)::int as digit) one) % 10 = 0)`);
}

/** Word characters are those of ASCII only, as in JavaScript. */
function regularExpression({ source }: RegExp): string {
  return literal(source.replaceAll('\\w', 'A-Za-z0-9_'));
}
