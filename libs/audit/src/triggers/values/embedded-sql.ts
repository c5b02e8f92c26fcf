import { type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { literal } from '../../model/sql-names.js';
import type { AuditedProperty } from '../../policy/entity-policy.js';
import { NAMES, VALUES } from '../../serialize/json/secret-scan.js';
import { columnTypesOf } from '../../serialize/property/column-type.js';
import { memberName } from '../../serialize/property/property-decoder.js';
import type { CarefulPlace } from './careful-sql.js';
import type { CutSql } from './cut-sql.js';
import { maskSql } from './mask-sql.js';
import { dedented, HIDDEN } from './sql-parts.js';

type Rules = AuditedProperty['members'];

/**
 * An embeddable that is stored as JSON, with the names of its properties, by the rules of the policy.
 * @param value of type jsonb
 * @param cut null where values are only compared: then the members are as they are stored
 */
export function embeddedSql(prop: EntityProperty, value: string, rules: Rules, cut: CutSql | null): string {
  return memberSql(prop, value, rules, cut, 0);
}

/** The members of an embeddable that cannot always be taken as they are. */
export function carefulMembers(
  prop: EntityProperty,
  rules: Rules,
  path: readonly string[],
): readonly CarefulPlace[] {
  return Object.values(prop.embeddedProps).flatMap((child): readonly CarefulPlace[] => {
    const name = memberName(child);
    // A member like a tag may be escaped: there are lists on the way to it then.
    const steps = rules.has(child.name) ? [] : name.startsWith('$') ? [name, '$object'] : [name];
    return steps.flatMap((step) =>
      child.kind === ReferenceKind.EMBEDDED
        ? carefulMembers(child, rules, [...path, step])
        : [{ path: [...path, step], raw: isJson(child), hides: false, named: false }],
    );
  });
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
  cut: CutSql | null,
  level: number,
): string {
  if (prop.kind !== ReferenceKind.EMBEDDED) {
    return cut === null ? value : storedMember(prop, value);
  }
  const item = `item${level}`;
  const object = objectSql(prop, `${item}.value`, rules, cut, level);
  // One object is taken as a list of one, so that what is made of it stands here once.
  return dedented(`(select case when jsonb_typeof(${value}) = 'array' then coalesce(jsonb_agg(${item}.made order by ${item}.at), '[]') else jsonb_agg(${item}.made) -> 0 end
    from (select ${item}.at, case when jsonb_typeof(${item}.value) = 'object' then ${object} else ${item}.value end as made
      from jsonb_array_elements(case when jsonb_typeof(${value}) = 'array' then ${value} else jsonb_build_array(${value}) end) with ordinality ${item}(value, at) offset 0) ${item})`);
}

function isJson(prop: EntityProperty): boolean {
  const [column] = columnTypesOf(prop);
  return column === undefined || column.base.startsWith('json');
}

function storedMember(prop: EntityProperty, value: string): string {
  if (isJson(prop)) {
    return value;
  }
  // Where a property is none of JSON, an object was written by somebody who does not know it.
  const isFit = `not jsonb_path_exists(${value}, 'strict $.** ? (@.type() == "object")')`;
  return `case jsonb_typeof(${value}) when 'object' then ${HIDDEN} when 'array' then case when ${isFit} then ${value} else ${HIDDEN} end else ${value} end`;
}

function objectSql(
  prop: EntityProperty,
  value: string,
  rules: Rules,
  cut: CutSql | null,
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
    const open = memberSql(child, `${stored}.json`, rules, cut, level + 1);
    const shown = cut === null || rule === undefined || rule === 'ignore' ? open : maskSql(rule, open, cut);
    return `select ${name} as name, ${shown} as value from (select ${json} as json offset 0) ${stored} where ${stored}.json is not null`;
  });
  const whole = `coalesce(jsonb_object_agg(${members}.name, ${members}.value), '{}')`;
  const isLikeTag = `count(*) = 1 and min(${members}.name) like '$%'`;
  const escaped = `jsonb_build_object('$object', jsonb_agg(jsonb_build_array(${members}.name, ${members}.value)))`;
  const mayLookLikeTag = children.some((child) => memberName(child).startsWith('$'));
  return `(select ${mayLookLikeTag ? `case when ${isLikeTag} then ${escaped} else ${whole} end` : whole} from (${rows.join(' union all ')}) ${members})`;
}
