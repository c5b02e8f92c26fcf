import { dedented, JSON_NULL } from './sql-parts.js';

/** Half of a character that takes two. */
const HIGH = '\\\\u[dD][89abAB][0-9a-fA-F]{2}';
const LOW = '\\\\u[dD][c-fC-F][0-9a-fA-F]{2}';
/** Values that `json` may hold and `jsonb` may not: the character 0, halves of characters, numbers without measure. */
const NOT_FOR_JSONB = `'(?<!\\\\)(?:\\\\\\\\)*(?:\\\\u0000|${HIGH}(?!${LOW})|(?<!${HIGH})${LOW})|[0-9.][eE][+-]?[0-9]{4}|[0-9]{255}[0-9]{255}[0-9]{255}[0-9]{255}'`;

/** Signs for a text and for any other value while a text is read as JSON, which has neither character itself. */
const [TEXT, VALUE] = ['\\u0001', '\\u0002'];
const TEXTS = '"(?:[^"\\\\\\u0001-\\u001f]|\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4}))*"';
const SCALARS = '-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null';
const INNERMOST = `\\[(?:[${TEXT}${VALUE}](?:,[${TEXT}${VALUE}])*)?\\]|\\{(?:${TEXT}:[${TEXT}${VALUE}](?:,${TEXT}:[${TEXT}${VALUE}])*)?\\}`;
const MAX_DEPTH = 500;

/** JSON in a column. */
export interface StoredJsonSql {
  /**
   * Of type jsonb, null where the column is.
   * @param unfit in place of what `jsonb` cannot hold
   * @param ofJson of a value of type jsonb
   * @param ofText of a text that is no JSON
   */
  json(
    value: string,
    unfit: string,
    ofJson: (json: string) => string,
    ofText: (text: string) => string,
  ): string;
  /** Whether there is nothing, or null of JSON; never null. */
  isNull(value: string): string;
  /** Whether two are not the same JSON; never null. */
  differs(before: string, after: string): string;
}

export const JSONB_COLUMN: StoredJsonSql = {
  json: (value, _, ofJson) => ofJson(value),
  isNull: (value) => `(coalesce(${value}, ${JSON_NULL}) = ${JSON_NULL})`,
  differs: (before, after) => `(coalesce(${before}, ${JSON_NULL}) <> coalesce(${after}, ${JSON_NULL}))`,
};

export const JSON_COLUMN: StoredJsonSql = columnOf((text) => `${text} ~ ${NOT_FOR_JSONB}`, null);

/** JSON that MikroORM keeps as text. Everything else may be in such a column as well, and PostgreSQL 14 has no question for it. */
export const TEXT_COLUMN: StoredJsonSql = columnOf(
  (text) => `${text} ~ ${NOT_FOR_JSONB}`,
  (text) =>
    dedented(`(select coalesce(bool_or(value.said in (chr(1), chr(2))), false) and ${text} !~ '[${TEXT}${VALUE}]' from (
      with recursive reading(said, depth) as (
        select regexp_replace(regexp_replace(regexp_replace(${text}, '${TEXTS}', chr(1), 'g'), '${SCALARS}', chr(2), 'g'), '[ \\t\\n\\r]+', '', 'g'), 0
        union all select regexp_replace(said, '${INNERMOST}', chr(2), 'g'), depth + 1 from reading where said ~ '${INNERMOST}' and depth < ${MAX_DEPTH})
      select said from reading) value)`),
);

function columnOf(
  isUnfit: (text: string) => string,
  isJson: ((text: string) => string) | null,
): StoredJsonSql {
  const fits = (text: string) => `not (${isUnfit(text)})${isJson === null ? '' : ` and ${isJson(text)}`}`;
  return {
    json: (value, unfit, ofJson, ofText) =>
      dedented(`(select case when ${isUnfit('stored.said')} then ${unfit}${isJson === null ? '' : ` when not ${isJson('stored.said')} then ${ofText('stored.said')}`}
        else (select ${ofJson('parsed.json')} from (select stored.said::jsonb as json offset 0) parsed) end
        from (select ${value}::text as said offset 0) stored where stored.said is not null)`),
    isNull: (value) => `(coalesce(btrim(${value}::text, E' \\t\\n\\r'), 'null') = 'null')`,
    differs: (before, after) =>
      dedented(`(select case when pair.was = pair.is then false when (pair.was is null or ${fits('pair.was')}) and (pair.is is null or ${fits('pair.is')}) then ${JSONB_COLUMN.differs('pair.was::jsonb', 'pair.is::jsonb')}
        else true end from (select ${before}::text collate "C" as was, ${after}::text collate "C" as is offset 0) pair)`),
  };
}
