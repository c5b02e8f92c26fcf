import { literal } from '../../model/sql-names.js';
import { NAMES, VALUES } from '../../serialize/json/secret-scan.js';
import { MAX_VALUE_DEPTH } from '../../serialize/json/value-limits.js';
import type { CodecSettings } from '../../serialize/property/property-codec.js';
import { CutSql } from './cut-sql.js';
import { type JsonWalkOptions, jsonWalkSql } from './json-walk.js';
import { SecretNamesSql } from './secret-names-sql.js';
import { SecretTextsSql } from './secret-texts-sql.js';
import { HIDDEN, oneLine } from './sql-parts.js';

/** A masked or escaped member takes at most so many times the room that it had. */
const MOST_GROWTH = 5;

/** Values that need more than to be taken as they are: long ones, and those that may hold secrets or tags. */
export class CarefulSql {
  readonly names: SecretNamesSql;
  readonly texts: SecretTextsSql;
  readonly cut: CutSql;
  private readonly maxDepth: number;

  constructor({ limits, secrets }: CodecSettings) {
    this.names = new SecretNamesSql(secrets.names);
    this.texts = new SecretTextsSql(secrets.texts, this.names);
    this.cut = new CutSql(limits);
    this.maxDepth = Math.min(limits.maxDepth, MAX_VALUE_DEPTH);
  }

  /**
   * A value whose JSON is that of a text.
   * @param hides false for keys, which are in the trail anyway
   */
  text(value: string, json: string, hides: boolean): string {
    const sign = hides ? this.texts.mayBeSecret(value) : undefined;
    const isSecret = sign === undefined ? 'false' : this.texts.isSecret('x.said');
    const isLong = `octet_length(${value}) > ${this.cut.surelyFits}`;
    return oneLine(`case when ${isLong}${sign === undefined ? '' : ` or ${sign}`} then (select case when ${isSecret} then ${HIDDEN} when x.head is null then to_jsonb(x.said) else ${this.cut.whole('x')} end
      from (select coalesce(c.prefix, v.said) as said, c.head, c.prefix from (select ${value} as said offset 0) v
        left join lateral ${this.cut.parts('v.said', 'true')} c on ${this.cut.isTextTooLarge('v.said')} offset 0) x) else ${json} end`);
  }

  /** A number as text, which may be one of a card. */
  digits(value: string, json: string, hides: boolean): string {
    return hides && this.texts.areDigitsSecret ? this.text(`${value}::text`, json, hides) : json;
  }

  bytes(value: string, json: string): string {
    const room = Math.floor((this.cut.maxBytes - '{"$bytes":""}'.length) / 4) * 3;
    return oneLine(`case when octet_length(${value}) > ${room} then (select ${this.cut.whole('c')}
      from ${this.cut.parts(`'{"$bytes":"' || replace(encode(${value}, 'base64'), chr(10), '') || '"}'`, 'false')} c) else ${json} end`);
  }

  /** JSON of the application. Null for null. */
  json(value: string, hides: boolean): string {
    const signs = [
      `octet_length(v.text) > ${this.certainlyFits}`,
      `strpos(v.text, '{"$') > 0`,
      ...(hides ? this.ofTexts('v.text') : []),
      `jsonb_path_exists(v.said, 'strict $.**{${this.maxDepth}}')`,
      this.mayHaveSecretMembers('v.said', hides),
    ];
    return this.walkedIf(signs, value, hides, true);
  }

  /** JSON that is encoded already. Null for null. */
  encoded(json: string, hides: boolean, furtherSigns: readonly string[] = []): string {
    const signs = [
      `octet_length(v.text) > ${this.cut.maxBytes}`,
      ...(hides ? [...this.ofTexts('v.text'), ...furtherSigns] : []),
    ];
    return this.walkedIf(signs, json, hides, false);
  }

  private get certainlyFits(): number {
    return Math.floor(this.cut.maxBytes / MOST_GROWTH);
  }

  private ofTexts(text: string): readonly string[] {
    const sign = this.texts.mayBeSecret(text);
    // Pairs of name and value, and lists of header lines.
    const lists = `lower(${text} collate "C") like any ('{%[[\\"%,%authorization\\"%,%cookie\\"%,%\\"x-%}')`;
    return [...(sign === undefined ? [] : [sign]), lists];
  }

  /** Whether an object may have a secret member, by its name or by that of a member beside it. */
  private mayHaveSecretMembers(value: string, hides: boolean): string {
    const isAmong = (words: Iterable<string>) =>
      `k.names like any (${literal(`{${[...words].map((word) => `"%\\"${word}\\"%"`).join(',')}}`)})`;
    const named = hides ? ` or (${isAmong(NAMES)} and ${isAmong(VALUES)})` : '';
    return oneLine(`(select ${this.names.mayHaveSecret('k.names')}${named}
      from (select jsonb_path_query_array(${value}, 'strict $.** ? (@.type() == "object").keyvalue().key')::text as names offset 0) k)`);
  }

  /** The value as it is where nothing tells otherwise: most are. */
  private walkedIf(signs: readonly string[], value: string, hides: boolean, isRaw: boolean): string {
    const options: JsonWalkOptions = { names: this.names, texts: this.texts, maxDepth: this.maxDepth, isRaw };
    const modes = hides
      ? `(values (false), (true)) m(hides) where m.hides or octet_length(v.text) > ${this.certainlyFits}`
      : '(values (false)) m(hides)';
    const isText = "jsonb_typeof(v.said) = 'string'";
    const plain = `case when ${isText} then v.said #>> '{}' else w.plain end`;
    const isSecretPrefix = hides ? this.texts.isSecret('c.prefix') : 'false';
    return oneLine(`(select case when ${signs.join(' or ')} then (select case when octet_length(w.plain) > ${this.cut.maxBytes}
        then (select case when ${isSecretPrefix} then ${HIDDEN} else ${this.cut.whole('c')} end from ${this.cut.parts(plain, isText)} c) else coalesce(w.hidden, w.plain)::jsonb end
      from (select max(t.text) filter (where not t.hides) as plain, max(t.text) filter (where t.hides) as hidden
        from (select m.hides, ${jsonWalkSql('v.said', 'm.hides', options)} as text from ${modes} offset 0) t) w) else v.said end
      from (select x.said, x.said::text as text from (select ${value} as said offset 0) x offset 0) v where v.said is not null)`);
  }
}
