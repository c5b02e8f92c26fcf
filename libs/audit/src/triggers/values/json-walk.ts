import { literal } from '../../model/sql-names.js';
import { NAMES, VALUES } from '../../serialize/json/secret-scan.js';
import { DEPTH_CUT } from '../../serialize/json/value-cut.js';
import type { SecretNamesSql } from './secret-names-sql.js';
import type { SecretTextsSql } from './secret-texts-sql.js';
import { dedented, HIDDEN_TEXT } from './sql-parts.js';

/** The largest and the smallest number of JavaScript. */
export const LARGEST = '1.797693134862315807937289714053e308';
export const SMALLEST = '2.4703282292062328e-324';
const HEADER = '^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-[A-Za-z0-9_-]+)$';
const list = (words: Iterable<string>) => [...words].map(literal).join(', ');

export interface JsonWalkOptions {
  readonly names: SecretNamesSql;
  readonly texts: SecretTextsSql;
  readonly maxDepth: number;
  /**
   * A boolean: whether the value is of the application. Then secret members are hidden, what looks like a tag is escaped, and depth
   * has an end.
   */
  readonly isRaw: string;
}

/**
 * The canonical text of a JSON value as the encoder makes it, from the top down: each node knows what stands before it and what
 * is open around it, so that the texts of all nodes in order are the whole.
 * @param value of type jsonb
 * @param hides a boolean: whether secrets that the value says of itself to be some are hidden as well
 */
export function jsonWalkSql(
  value: string,
  hides: string,
  { names, texts, maxDepth, isRaw }: JsonWalkOptions,
): string {
  const isName = `own.key in (${list(NAMES)}) and jsonb_typeof(own.value) = 'string'`;
  const isTooDeep = `(${isRaw} and n.depth >= ${maxDepth})`;
  const isLikeTag = (node: string) => `${isRaw} and ${node}.single like '$%'`;
  const depthCut = `when ${isTooDeep} then ${literal(JSON.stringify(DEPTH_CUT))}`;
  // A tag that is no container is one value, of which no part can be left.
  const isSecretTag = `not ${isRaw} and p.hides and c.single like '$%' and c.single not in ('$object', '$map', '$set') and ${texts.isSecret('c.value::text')}`;
  const isSecretKey = `case when ${isRaw} and ${names.mayHaveSecret(`'"' || own.key || '"'`)} then ${names.isSecret('own.key')} else false end`;
  const closing = `case when jsonb_typeof(n.value) = 'array' then ']' when ${isLikeTag('n')} then ']]}' else '}' end`;
  return dedented(`(with recursive node as (
    select array[0] as place, ${value} as value, 0 as depth, '' as before, '' as around, false as hidden, false as pair, ${hides} as hides, ${singleKey(value)} as single
    union all select p.place || c.at, c.value, p.depth + 1, case when c.at > 1 then ',' else '' end || c.key, p.own || p.around, c.hidden or coalesce(${isSecretTag}, false), c.pair, p.hides, c.single
    from (select n.*, ${closing} as own from node n
      where not n.hidden and jsonb_typeof(n.value) in ('array', 'object') and not ${isTooDeep}) p,
    lateral (
      select row_number() over (order by own.key collate "C")::int as at, to_json(own.key)::text || case when ${isLikeTag('p')} then ',' else ':' end as key, own.value,
        ${isSecretKey} or (p.hides and own.value <> 'null' and own.key in (${list(VALUES)}) and bool_or(case when ${isName} then ${names.isSecret("(own.value #>> '{}')")} else false end) over ()) as hidden,
        false as pair, ${singleKey('own.value')} as single
      from jsonb_each(case when jsonb_typeof(p.value) = 'object' then p.value end) own(key, value)
      union all
      select item.at::int, '', item.value, p.pair and item.at = 2 or (item.is_secret and not item.are_pairs), item.is_secret and item.are_pairs, ${singleKey('item.value')}
      from (select list.at, list.value, list.are_pairs, p.hides and ${names.isSecret(`(case when list.are_pairs then list.value ->> 0 when jsonb_typeof(list.value) = 'string' and list.previous ~* '${HEADER}' then list.previous end)`)} as is_secret
        from (select element.at, element.value, lag(case when jsonb_typeof(element.value) = 'string' then element.value #>> '{}' end) over (order by element.at) as previous,
          p.depth + 1 < ${maxDepth} and bool_and(${isPair('element.value')}) over () as are_pairs
          from jsonb_array_elements(case when jsonb_typeof(p.value) = 'array' then p.value end) with ordinality element(value, at)) list offset 0) item) c)
    select string_agg(t.before || t.said || left(t.own || t.around, length(t.own || t.around) - coalesce(length(t.next), 0)), '' order by t.place)
    from (select n.before, n.around, n.place, lead(n.around) over (order by n.place) as next,
      case when n.hidden or jsonb_typeof(n.value) not in ('array', 'object') or ${isTooDeep} then '' else ${closing} end as own,
      case when n.hidden then ${HIDDEN_TEXT}
        when jsonb_typeof(n.value) = 'object' then case ${depthCut} when ${isLikeTag('n')} then '{"$object":[[' else '{' end
        when jsonb_typeof(n.value) = 'array' then case ${depthCut} else '[' end
        when jsonb_typeof(n.value) = 'string' then case when n.hides and ${texts.isSecret("(n.value #>> '{}')")} then ${HIDDEN_TEXT} else n.value::text end
        when jsonb_typeof(n.value) = 'number' then case when n.hides and ${texts.isSecretNumber('n.value::text')} then ${HIDDEN_TEXT} else ${numberSql('n.value::text')} end
        else n.value::text end as said
      from node n) t)`);
}

/** The only key of an object; null where there is none or another one. */
function singleKey(value: string): string {
  return `case when jsonb_typeof(${value}) = 'object' then (select case when count(*) = 1 then min(member.key) end from jsonb_object_keys(${value}) member(key)) end`;
}

function isPair(value: string): string {
  return `case when jsonb_typeof(${value}) = 'array' then jsonb_array_length(${value}) = 2 and jsonb_typeof(${value} -> 0) = 'string' else false end`;
}

/** A number of JSON as JavaScript has it: with the digits of a floating-point number. */
function numberSql(text: string): string {
  return `case when ${text} ~ '^-?[0-9]{1,15}$' then ${text} else (select case when abs(exact) >= ${LARGEST} then '{"$number":"' || case when exact < 0 then '-' else '' end || 'Infinity"}'
    when abs(exact) < ${SMALLEST} then case when exact < 0 then '{"$number":"-0"}' else '0' end
    when abs(exact) >= 1e21 or abs(exact) < 1e-6 then regexp_replace(exact::float8::text, 'e([+-])0', 'e\\1') else to_jsonb(exact::float8)::text end
    from (select ${text}::numeric as exact) number) end`;
}
