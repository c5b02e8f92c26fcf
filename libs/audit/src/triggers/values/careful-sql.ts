import { literal } from '../../model/sql-names.js';
import { NAMES, VALUES } from '../../serialize/json/secret-scan.js';
import { MAX_VALUE_DEPTH } from '../../serialize/json/value-limits.js';
import type { CodecSettings } from '../../serialize/property/property-codec.js';
import { CutSql } from './cut-sql.js';
import { jsonWalkSql, LARGEST, SMALLEST } from './json-walk.js';
import { SecretNamesSql } from './secret-names-sql.js';
import { SecretTextsSql } from './secret-texts-sql.js';
import { dedented, HIDDEN, UNFIT } from './sql-parts.js';

/** A masked or escaped member takes at most so many times the room that it had. */
const MOST_GROWTH = 5;

/** The text of a number of JSON that JavaScript has not is longer: PostgreSQL writes no exponents. */
const MOST_DIGITS = 300;

/** A value that cannot always be taken as it is: it may be too long, too deep, hold a secret or look like a tag. */
export interface CarefulPlace {
  /** Within the object of all properties. Lists on the way are taken element by element. */
  readonly path: readonly string[];
  /** Whether it is JSON of the application, which is not encoded yet. */
  readonly raw: boolean;
  /** Whether secrets that the value says of itself to be some are hidden: not those of keys, which are in the trail anyway. */
  readonly hides: boolean;
  /** Whether an embeddable may name a secret in one member and hold it in another. */
  readonly named: boolean;
}

/** Values that need more than to be taken as they are. Its signs are cheap, and false is certain. */
export class CarefulSql {
  readonly names: SecretNamesSql;
  private readonly texts: SecretTextsSql;
  private readonly cut: CutSql;
  private readonly maxDepth: number;

  constructor({ limits, secrets }: CodecSettings) {
    this.names = new SecretNamesSql(secrets.names);
    this.texts = new SecretTextsSql(secrets.texts, this.names);
    this.cut = new CutSql(limits);
    this.maxDepth = Math.min(limits.maxDepth, MAX_VALUE_DEPTH);
  }

  /**
   * Whether one of several objects may have a value at some places that cannot be taken as it is. Their whole text is asked at
   * once, which takes less than to ask of each value.
   */
  isAnySuspicious(objects: readonly string[], places: readonly CarefulPlace[]): string {
    const among = (chosen: readonly CarefulPlace[]) => valuesAt(objects, chosen);
    const raw = places.filter((place) => place.raw);
    const named = places.filter((place) => place.named);
    const ofJson = places.filter(({ raw: isRaw, path }) => isRaw || path.length > 1);
    const ofRaw = this.signsOfRaw('r.held', 'r.held::text', String(raw.some(({ hides }) => hides)));
    const signs = [
      `octet_length(s.said) > ${raw.length > 0 ? this.certainlyFits : this.cut.maxBytes}`,
      ...(places.some(({ hides }) => hides) ? this.signsOfTexts('s.said') : []),
      ...(ofJson.length > 0 ? [this.signOfNumbers(among(ofJson), 's.said')] : []),
      ...(named.length > 0 ? [this.names.mayHaveSecret(`${among(named)}::text`)] : []),
      ...(raw.length > 0 ? [`(select ${ofRaw} from (select ${among(raw)} as held offset 0) r)`] : []),
    ];
    const said = objects.map((object) => `${object}::text`).join(' || ');
    return dedented(`(select ${signs.join(' or ')} from (select ${said} as said offset 0) s)`);
  }

  /**
   * Whether a value may be one that cannot be taken as it is.
   * @param held of type jsonb
   * @param said its text
   * @param place a record of a place
   */
  isSuspicious(held: string, said: string, place: string): string {
    return `octet_length(${said}) > case when ${place}.raw then ${this.certainlyFits} else ${this.cut.maxBytes} end
      or (${place}.hides and (${this.signsOfTexts(said).join(' or ')}))
      or ${this.signOfNumbers(held, said)}
      or (${place}.named and ${this.names.mayHaveSecret(said)})
      or (${place}.raw and (${this.signsOfRaw(held, said, `${place}.hides`)}))`;
  }

  /** A query of one row with such a value as the trail has it. */
  safe(held: string, said: string, place: string): string {
    const walk = jsonWalkSql(held, 'm.hides', {
      names: this.names,
      texts: this.texts,
      maxDepth: this.maxDepth,
      isRaw: `${place}.raw`,
    });
    const isText = `jsonb_typeof(${held}) = 'string'`;
    const whole = `case when ${isText} then ${held} #>> '{}' else w.plain end`;
    return `select case when ${place}.raw and ${held} = ${UNFIT} then ${HIDDEN} when octet_length(w.plain) > ${this.cut.maxBytes}
      then (select case when ${place}.hides and ${this.texts.isSecret('c.prefix')} then ${HIDDEN} else ${this.cut.whole('c')} end
        from ${this.cut.parts(whole, isText)} c)
      else coalesce(w.hidden, w.plain)::jsonb end
    from (select max(t.text) filter (where not t.hides) as plain, max(t.text) filter (where t.hides) as hidden
      from (select m.hides, ${walk} as text
        from (values (false), (true)) m(hides)
        where case when m.hides then ${place}.hides else not ${place}.hides or octet_length(${said}) > ${this.certainlyFits} end offset 0) t) w`;
  }

  /** Whether a value is a text that is not cut. */
  isShortText(held: string, said: string): string {
    return `jsonb_typeof(${held}) = 'string' and octet_length(${said}) <= ${this.cut.maxBytes}`;
  }

  /** The same as `safe()` for such a text, which is what is most often suspicious. */
  safeText(held: string, place: string): string {
    return `select case when ${place}.hides and ${this.texts.isSecret(`(${held} #>> '{}')`)} then ${HIDDEN} else ${held} end`;
  }

  private get certainlyFits(): number {
    return Math.floor(this.cut.maxBytes / MOST_GROWTH);
  }

  private signsOfTexts(text: string): readonly string[] {
    const sign = this.texts.mayBeSecret(text);
    // Pairs of name and value, and lists of header lines.
    const lists = `(strpos(${text}, '[') > 0 and lower(${text} collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}'))`;
    return [...(sign === undefined ? [] : [sign]), lists];
  }

  /** As the driver gives them: infinite, or a zero with a sign. */
  private signOfNumbers(held: string, said: string): string {
    const isNone = `@.type() == "number" && (@ >= ${LARGEST} || @ <= -${LARGEST} || (@ < 0 && @ > -${SMALLEST}))`;
    return `(octet_length(${said}) > ${MOST_DIGITS} and jsonb_path_exists(${held}, 'strict $.** ? (${isNone})'))`;
  }

  private signsOfRaw(held: string, said: string, hides: string): string {
    return [
      `strpos(${said}, '{"$') > 0`,
      `jsonb_path_exists(${held}, 'strict $.**{${this.maxDepth}}')`,
      this.mayHaveSecretMembers(held, hides),
    ].join(' or ');
  }

  /** Whether an object may have a secret member, by its name or by that of a member beside it. */
  private mayHaveSecretMembers(value: string, hides: string): string {
    const isAmong = (words: Iterable<string>) =>
      `k.names like any (${literal(`{${[...words].map((word) => `"%\\"${word}\\"%"`).join(',')}}`)})`;
    return dedented(`(select ${this.names.mayHaveSecret('k.names')} or (${hides} and ${isAmong(NAMES)} and ${isAmong(VALUES)})
      from (select jsonb_path_query_array(${value}, 'strict $.** ? (@.type() == "object").keyvalue().key')::text as names offset 0) k)`);
  }
}

/** The values of objects at some places, as one of type jsonb. */
function valuesAt(objects: readonly string[], places: readonly CarefulPlace[]): string {
  const paths = places.map(({ path }) =>
    literal(`lax $${path.map((name) => `.${JSON.stringify(name)}`).join('')}`),
  );
  const found = objects.flatMap((object) =>
    paths.map((path) => `jsonb_path_query_array(${object}, ${path})`),
  );
  return `jsonb_build_array(${found.join(', ')})`;
}
