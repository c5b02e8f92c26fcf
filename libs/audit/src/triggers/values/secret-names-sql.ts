import { literal } from '../../model/sql-names.js';
import type { SecretNames } from '../../serialize/text/secret-names.js';
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
} from '../../serialize/text/secret-words.js';
import { dedented } from './sql-parts.js';

/** The constants of the function, which hold the words once for all its expressions. */
const WORDS = 'audit_secret_words';
const HINTS = 'audit_secret_hints';
const BOUNDARY = 'audit_word_boundary';

/** The kinds of words, one letter each. */
const KINDS = {
  secret: 'p',
  secretAtEnd: 's',
  noun: 'n',
  value: 'v',
  whole: 'w',
  aboutBeginning: 'b',
  aboutEnding: 'e',
  otherMeaning: 'o',
  added: 'm',
  removed: 'x',
} as const;

const ENDING_LENGTHS = { min: 7, max: 24 } as const;
const LONGEST_RUN = 4;
const SHORTEST_ENDING = Math.min(...SECRET_ENDINGS.map((word) => word.length));

/** Characters that often stand between words. */
const STRIPPED = '_-. 0123456789';

/** In classes of regular expressions: letters beyond ASCII count as small ones, which is right for all but `aÄ`. */
const SEPARATORS_BEYOND_ASCII =
  '\\u0080-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u00d7\\u00f7\\u2000-\\u206f\\u20a0-\\u20cf\\u2190-\\u2bff\\u3000-\\u303f\\ufe30-\\ufe4f\\ufeff-\\uff20';
const SEPARATORS = `\\u0001-@\\[-\`{-\\u007f${SEPARATORS_BEYOND_ASCII}`;

/**
 * Parts of which each secret name of ASCII has one when it is written small and without separators, as patterns of
 * `like`. Most names have none, and are not looked at any further.
 */
const NAME_HINTS = `
  pass pw psw kennwort geheim contras senha parola salasana haslo heslo wachtwoord senord
  secret token tkn jwt cred auth otp cvv cvc csc iban ssn mnemonic psk nino aadhaar kube netrc srf cookie key pem
  secur insur recovery backup reset unlock signin magic one%time invit activation impersonation factor
  sms%code verif%code confirm%code pin%code access%code time%code login%code fa%code door%code alarm%code
  entry%code card%code device%code gate%code locker%code safe%code
  login%link verif%link confirm%link signed%link sas%link login%ur verif%ur confirm%ur signed%ur sas%ur
  conn database mongo redis postgres jdbc webhook smtp broker db%ur db%str mq%ur mq%str pg%ur pg%str sql%ur sql%str dsn
  sess php "sid" mfa seed bearer salt pepper puk pin" pan" pins pans
  pincode pinhash pinn pinvalue pinheader pinenc pinplain pinid pindigest pinsalt
  pancode panhash pann panvalue panheader panenc panplain panid
  card%n cc%n payment%n cc%cv credit debit national%id personal%id tax%payer licen%n bank%account saml`
  .trim()
  .split(/\s+/);

/** Parts of which each secret name of ASCII has one, see `NAME_HINTS`. */
function hintsOf({ more }: SecretNames): readonly string[] {
  return [...NAME_HINTS, ...more];
}

/** `SecretNames` in SQL, for a function that declares its constants. */
export class SecretNamesSql {
  /** Capital letters beyond ASCII, which `lower()` leaves as they are where the database has the locale C. */
  private readonly capitals: string;

  constructor(private readonly names: SecretNames) {
    const letters = [...SECRET_WORDS, ...names.more, ...names.except].join('').match(/\P{ASCII}/gu);
    this.capitals = [...new Set(letters?.map((letter) => letter.toUpperCase()))].join('');
  }

  /** Declarations of the function, with their types, because PostgreSQL would read them anew at each call. */
  get constants(): readonly string[] {
    const hints = hintsOf(this.names).map((hint) => JSON.stringify(`%${hint}%`));
    const [capital, other] = [`A-Z${this.capitals}`, `^A-Z${this.capitals}${SEPARATORS}`];
    const boundary = `(?<=[${other}])(?=[${capital}])|(?<=[${capital}])(?=[${capital}][${other}])|[${SEPARATORS}]+`;
    return [
      `${WORDS} constant jsonb := ${literal(broken(JSON.stringify(kindsOfWords(this.names))))}::jsonb;`,
      `${HINTS} constant text[] := ${literal(`{${hints.join(',')}}`)}::text[];`,
      `${BOUNDARY} constant text := ${literal(boundary)};`,
    ];
  }

  /** Whether one of several names may be secret: false is certain. They stand in quotes in the text. */
  mayHaveSecret(quotedNames: string): string {
    const together = `translate(lower(${quotedNames} collate "C"), '${STRIPPED}', '')`;
    return `(${together} like any (${HINTS}) or ${quotedNames} ~ '[^\\u0001-\\u007f]')`;
  }

  /** Whether a name is secret; never null. */
  isSecret(name: string): string {
    const small = literal(this.capitals.toLowerCase());
    const words = `regexp_replace(${name}, ${BOUNDARY}, ' ', 'g')`;
    return dedented(`coalesce((select bool_or(q.kinds like '%m%') or (bool_or(q.hit) and not bool_or(q.kinds like '%x%'))
      from (select string_to_array(btrim(translate(lower(${words} collate "C"), ${literal(this.capitals)}, ${small})), ' ') as w offset 0) n,
      generate_subscripts(n.w, 1) i, generate_series(i, least(i + ${LONGEST_RUN - 1}, cardinality(n.w))) j,
      lateral (select array_to_string(n.w[i:j], '') as run, regexp_replace(n.w[i], 's$', '') as one offset 0) r,
      lateral (select concat(${WORDS} ->> r.run, ${WORDS} ->> regexp_replace(r.run, 's$', '')) as kinds offset 0) k,
      lateral (select k.kinds, not (concat(${WORDS} ->> n.w[1]) like '%b%' or concat(${WORDS} ->> n.w[cardinality(n.w)]) like '%e%' or n.w = '{cookies}')
        and ((cardinality(n.w) = 1 and concat(${WORDS} ->> r.run) like '%w%')
          or (concat(${WORDS} ->> (n.w[i - 1] || ' ' || r.one)) not like '%o%' and (k.kinds like '%p%'
            or (i = j and concat(${WORDS} ->> r.one) like '%n%' and (i = cardinality(n.w) or concat(${WORDS} ->> n.w[i + 1]) like '%v%'))
            or (i = j and exists (select from generate_series(${SHORTEST_ENDING}, least(${ENDING_LENGTHS.max}, length(r.one))) l where ${WORDS} ->> right(r.one, l) like '%s%'))))) as hit offset 0) q), false)`);
  }
}

/** In lines, for those who review a migration. */
function broken(json: string): string {
  return json.replaceAll(/(.{100,}?),(?=")/g, '$1,\n');
}

/** Words that are no names are told apart by kind, so that one object has them all. */
function kindsOfWords({ more, except }: SecretNames): Readonly<Record<string, string>> {
  const kinds = new Map<string, string>();
  const add = (words: Iterable<string>, kind: keyof typeof KINDS) => {
    for (const word of words) {
      kinds.set(word, `${kinds.get(word) ?? ''}${KINDS[kind]}`);
    }
  };
  const secret = new Set([...SECRET_WORDS, ...SECRET_PHRASES]);
  const isLong = ({ length }: string) => length >= ENDING_LENGTHS.min && length <= ENDING_LENGTHS.max;
  add(secret, 'secret');
  add(new Set([...SECRET_ENDINGS, ...[...secret].filter(isLong)]), 'secretAtEnd');
  add(SECRET_NOUNS, 'noun');
  add(VALUE_WORDS, 'value');
  add(SECRET_NAMES, 'whole');
  add(ABOUT_BEGINNINGS, 'aboutBeginning');
  add(new Set(ABOUT_ENDINGS), 'aboutEnding');
  add(
    [...OTHER_MEANINGS].flatMap(([word, before]) => before.map((other) => `${other} ${word}`)),
    'otherMeaning',
  );
  add(more, 'added');
  add(except, 'removed');
  return Object.fromEntries(kinds);
}
