import type { ValueLimits } from '../../serialize/json/value-limits.js';
import { JSON_BYTES_PER_UNIT, MIN_VALUE_BYTES } from '../../serialize/json/value-limits.js';
import { dedented } from './sql-parts.js';

/** Beyond, a digest would take the server too long. */
const MAX_DIGESTED_BYTES = 33_554_432;

/** When values are cut, in SQL. */
export class CutSql {
  readonly maxBytes: number;
  /** Texts of so many bytes fit however they are escaped. */
  readonly surelyFits: number;

  constructor({ maxValueBytes }: ValueLimits) {
    this.maxBytes = Math.max(maxValueBytes, MIN_VALUE_BYTES);
    this.surelyFits = Math.floor((this.maxBytes - 2) / JSON_BYTES_PER_UNIT);
  }

  /** Whether the JSON of a text is too large. */
  isTextTooLarge(text: string): string {
    return `(octet_length(${text}) > ${this.maxBytes} or (octet_length(${text}) > ${this.surelyFits} and octet_length(to_json(${text})::text) > ${this.maxBytes}))`;
  }

  /**
   * The parts of what stands for a value that is too large, as `cutBySize` makes it: a query of one row with a `head` and a
   * `prefix`. The longest prefix that fits is looked for by halves.
   * @param text the text that the value is, or its canonical JSON
   * @param isText a boolean: which of the two it is
   */
  parts(text: string, isText: string): string {
    return dedented(`(select cut.head, left(cut.said, cut.fits) as prefix from (select whole.said, whole.head,
      (with recursive half(low, high) as (
        select 0, least(length(whole.said), whole.room) union all
        select case when part.fits then middle else low end, case when part.fits then high else middle - 1 end
        from half, lateral (select (low + high + 1) / 2 as middle) at,
        lateral (select octet_length(to_json(left(whole.said, middle))::text) - 2 <= whole.room as fits) part
        where low < high) select max(low) from half) as fits
      from (select big.said, big.head, ${this.maxBytes} - octet_length(big.compact) as room
        from (select t.said, t.head, '{"$cut":{"reason":"size","of":"' || (t.head ->> 'of') || '","bytes":' || (t.head ->> 'bytes') || ',"sha256":' || coalesce('"' || (t.head ->> 'sha256') || '"', 'null') || ',"prefix":""}}' as compact
          from (select said, jsonb_build_object('reason', 'size', 'of', case when ${isText} then 'string' else 'json' end, 'bytes', octet_length(said), 'sha256', case when octet_length(said) <= ${MAX_DIGESTED_BYTES} then encode(sha256(convert_to(said, 'UTF8')), 'hex') end) as head
            from (select ${text} as said offset 0) value) t offset 0) big offset 0) whole offset 0) cut)`);
  }

  /** @param parts see `parts()` */
  whole(alias: string): string {
    return `jsonb_build_object('$cut', ${alias}.head || jsonb_build_object('prefix', ${alias}.prefix))`;
  }
}
