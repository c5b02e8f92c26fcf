import { type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { literal } from '../../model/sql-names.js';
import type { AuditedProperty } from '../../policy/entity-policy.js';
import { NAMES, VALUES } from '../../serialize/json/secret-scan.js';
import { columnTypesOf } from '../../serialize/property/column-type.js';
import { memberName } from '../../serialize/property/property-decoder.js';
import type { CarefulSql } from './json-sql.js';
import { maskSql } from './mask-sql.js';
import { HIDDEN, oneLine } from './sql-parts.js';

type Rules = AuditedProperty['members'];

/**
 * An embeddable that is stored as JSON, with the names of its properties, by the rules of the policy.
 * @param value of type jsonb
 * @param careful null where values are only compared: then the members are as they are stored
 */
export function embeddedSql(
  prop: EntityProperty,
  value: string,
  rules: Rules,
  careful: CarefulSql | null,
): string {
  return memberSql(prop, value, rules, careful, 0);
}

/** Whether some object of an embeddable may name a secret in one member and hold it in another. */
export function namesSecrets(prop: EntityProperty): boolean {
  if (prop.kind !== ReferenceKind.EMBEDDED) {
    return false;
  }
  const children = Object.values(prop.embeddedProps);
  const names = children.map(memberName);
  return (
    (names.some((name) => NAMES.has(name)) && names.some((name) => VALUES.has(name))) ||
    children.some(namesSecrets)
  );
}

/** @param level how many embeddables the value is in, which all have names of their own */
function memberSql(
  prop: EntityProperty,
  value: string,
  rules: Rules,
  careful: CarefulSql | null,
  level: number,
): string {
  if (prop.kind !== ReferenceKind.EMBEDDED) {
    return careful === null ? value : storedMember(prop, value, careful);
  }
  const item = `item${level}`;
  const object = objectSql(prop, `${item}.value`, rules, careful, level);
  // One object is taken as a list of one, so that what is made of it stands here once.
  return oneLine(`(select case when jsonb_typeof(${value}) = 'array' then coalesce(jsonb_agg(${item}.made order by ${item}.at), '[]') else jsonb_agg(${item}.made) -> 0 end
    from (select ${item}.at, case when jsonb_typeof(${item}.value) = 'object' then ${object} else ${item}.value end as made
      from jsonb_array_elements(case when jsonb_typeof(${value}) = 'array' then ${value} else jsonb_build_array(${value}) end) with ordinality ${item}(value, at) offset 0) ${item})`);
}

function storedMember(prop: EntityProperty, value: string, careful: CarefulSql): string {
  const [column] = columnTypesOf(prop);
  if (column === undefined || column.base.startsWith('json')) {
    return careful.json(value, false);
  }
  // Where a property is none of JSON, an object was written by somebody who does not know it.
  const isFit = `not jsonb_path_exists(${value}, 'strict $.** ? (@.type() == "object")')`;
  const text = careful.text(`(${value} #>> '{}')`, value, false);
  return `case jsonb_typeof(${value}) when 'string' then ${text} when 'object' then ${HIDDEN} when 'array' then case when ${isFit} then ${value} else ${HIDDEN} end else ${value} end`;
}

function objectSql(
  prop: EntityProperty,
  value: string,
  rules: Rules,
  careful: CarefulSql | null,
  level: number,
): string {
  const [stored, members] = [`stored${level}`, `members${level}`];
  const children = Object.values(prop.embeddedProps).filter((child) => rules.get(child.name) !== 'ignore');
  if (children.length === 0) {
    return "'{}'::jsonb";
  }
  const rows = children.map((child) => {
    const name = literal(memberName(child));
    const column = literal(child.fieldNames?.[0] ?? memberName(child));
    const json =
      column === name ? `${value} -> ${name}` : `coalesce(${value} -> ${column}, ${value} -> ${name})`;
    const rule = rules.get(child.name);
    const open = memberSql(child, `${stored}.json`, rules, careful, level + 1);
    const shown = careful === null || rule === undefined || rule === 'ignore' ? open : maskSql(rule, open);
    return `select ${name} as name, ${shown} as value from (select ${json} as json offset 0) ${stored} where ${stored}.json is not null`;
  });
  const whole = `coalesce(jsonb_object_agg(${members}.name, ${members}.value), '{}')`;
  const isLikeTag = `count(*) = 1 and min(${members}.name) like '$%'`;
  const escaped = `jsonb_build_object('$object', jsonb_agg(jsonb_build_array(${members}.name, ${members}.value)))`;
  const mayLookLikeTag = children.some((child) => memberName(child).startsWith('$'));
  return `(select ${mayLookLikeTag ? `case when ${isLikeTag} then ${escaped} else ${whole} end` : whole} from (${rows.join(' union all ')}) ${members})`;
}
