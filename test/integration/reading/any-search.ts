import type { EntityName } from '@mikro-orm/core';
import fc from 'fast-check';
import type { ChangesQuery, PartOfQuery, TrailScope } from 'nestjs-mikro-audit';
import { Customer, Line, Order, Tag } from '../../support/fixtures/shop.js';
import { CHANGES, REVISIONS } from '../../support/trail.js';

/** The trail passes midnight. */
export const BEGIN = Date.parse('2026-01-01T23:59:52Z');
const SECONDS = 17;
const COUNT = 240;
const NAMES = new Map<EntityName, string>([
  [Customer, 'customer'],
  [Line, 'line'],
  [Order, 'order'],
  [Tag, 'tag'],
]);

/** Columns of the change with the number `k` of the revision with the id `r.id`, and their values. */
const CHANGE =
  'entity_type, entity_id, part_of_type, part_of_id, part_of_id_before, operation, before, after';
const changeOf = (k: string) => `(
  select type as entity_type, ((r.id + ${k}) % 9)::text as entity_id, case type when 'line' then 'order' end as part_of_type,
    case type when 'line' then ((r.id + ${k}) % 5)::text end as part_of_id,
    case when type = 'line' and ${k} = 1 then ((r.id + 2) % 5)::text end as part_of_id_before, operation,
    case when operation <> 'create' then '{"id": 1}'::jsonb end as before,
    case when operation <> 'delete' then '{"id": 2}'::jsonb end as after
  from (select (array['order', 'customer', 'tag', 'line'])[1 + (r.id * 3 + ${k} * 5) % 4] as type,
    (array['create', 'update', 'delete'])[1 + (r.id + ${k} * 2) % 3] as operation) kind
  where ${k} < r.id % 5
) change`;

/**
 * Many revisions of the same time, later ids with earlier times, and everything null somewhere. A fifth of the revisions has
 * no change.
 */
export const TRAIL = [
  `insert into audit_change (recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, outcome,
     correlation_id, restored_revision_id, metadata, ${CHANGE})
   select timestamptz '${new Date(BEGIN).toISOString()}' + r.id % ${SECONDS} * interval '1 second' + r.id % 3 * interval '1 microsecond',
     case r.id % 3 when 0 then 'user' else 'service' end, nullif('u' || r.id % 4, 'u3'), nullif('Label ' || r.id % 4, 'Label 1'),
     case when r.id % 5 < 2 then jsonb_build_object('type', 'user', 'id', 'u' || r.id % 2, 'label', 'Boss') end,
     case when r.id % 4 < 2 then 'act' || r.id % 3 end, case when r.id % 7 = 0 then 'failure' else 'success' end,
     case when r.id % 2 = 0 then 'c' || r.id % 6 end, case when r.id % 5 = 0 then r.id % 3 + 1 end,
     case r.id % 3 when 0 then '{"tenant": "a"}'::jsonb when 1 then '{"tenant": "b"}' end, change.*
   from generate_series(1, ${COUNT}) r(id) left join lateral ${changeOf('0')} on true order by r.id`,
  `insert into audit_change (revision_id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason,
     restored_revision_id, ${CHANGE})
   select r.id, recorded_at, actor_type, actor_id, actor_label, on_behalf_of, action, reason, restored_revision_id, change.*
   from audit_change r cross join generate_series(1, 3) k cross join lateral ${changeOf('k')} order by md5(r.id::text || k)`,
];

export interface Search {
  readonly conditions: ChangesQuery;
  readonly order: 'newest' | 'oldest';
  /** Of orders, instead of the entities of the conditions; null where no ids are asked for. */
  readonly ids: readonly number[] | null;
}

const entities = fc.subarray([Customer, Line, Order, Tag], { minLength: 1, maxLength: 2 });
const whole = fc.record({ entity: fc.constant(Order), id: fc.nat(5) });
const principal = fc.record(
  {
    id: fc.constantFrom('u0', 'u1', 'u2', 'nobody'),
    type: fc.constantFrom('user' as const, 'service' as const),
  },
  { requiredKeys: [] },
);
const time = fc.nat(SECONDS).map((second) => new Date(BEGIN + second * 1000));
const scopeParts: readonly fc.Arbitrary<TrailScope>[] = [
  fc.record({ metadata: fc.record({ tenant: fc.constantFrom('a', 'b') }) }),
  fc.record({ entity: entities }),
  fc.record({ partOf: fc.array(whole, { minLength: 1, maxLength: 2 }) }),
];
// A scope without any part is refused.
const saysSomething = (scope: TrailScope): boolean => Object.keys(scope).length > 0;
const within = merged<TrailScope>(2, [
  ...scopeParts,
  fc.record({ anyOf: fc.array(merged(2, scopeParts).filter(saysSomething), { maxLength: 3 }) }),
]).filter(saysSomething);
const conditions = merged<ChangesQuery>(4, [
  fc.record({ actor: principal }),
  fc.record({ actor: principal }),
  fc.record({ from: time }),
  fc.record({ until: time }),
  fc.record({ within }),
  fc.record({ within }),
  fc.record({ onBehalfOf: principal }),
  fc.record({ action: fc.constantFrom('act0', 'act1', 'act2') }),
  fc.record({ correlationId: fc.constantFrom('c0', 'c2', 'c4') }),
  fc.record({ outcome: fc.constantFrom('success' as const, 'failure' as const) }),
  fc.record({ restoredRevisionId: fc.constantFrom('1', '2', '3') }),
  fc.record({ revisionId: fc.integer({ min: 1, max: COUNT }).map(String) }),
  fc.record({ entity: entities }),
  fc.record({ partOf: whole }),
  fc.record({ operation: fc.constantFrom('create' as const, 'update' as const, 'delete' as const) }),
  fc.record({ text: fc.constant('bOSS') }),
]);

/** Alone, for then the indexes of wholes are read, and a part that moved stands in two. */
const severalWholes: fc.Arbitrary<ChangesQuery> = fc.record({
  within: fc.record({ partOf: fc.array(whole, { minLength: 2, maxLength: 4 }) }),
});

export const search: fc.Arbitrary<Search> = fc
  .record({
    conditions: fc.oneof({ weight: 9, arbitrary: conditions }, { weight: 1, arbitrary: severalWholes }),
    order: fc.constantFrom('newest' as const, 'oldest' as const),
    ids: fc.option(fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 3 }), { freq: 8 }),
  })
  // A report of a failure would show whole classes.
  .map((asked) => ({ ...asked, [fc.toStringMethod]: () => `${asked.order}: ${whereOf(asked)}` }));

/** The changes that a search must find; a list for each order in which its pages may come. */
export interface Expected {
  readonly changes: readonly (readonly string[])[];
  readonly revisions: readonly (readonly string[])[];
  readonly days: readonly object[];
}

/** One row, with what is `Expected` as `expected`. */
export function expectedSql(asked: Search): string {
  const where = whereOf(asked);
  // A filter that says nothing of changes finds revisions that have none, too.
  const join = where.includes('c.') ? 'join' : 'left join';
  const [direction, first] = asked.order === 'newest' ? ['desc', 'max(id)'] : ['asc', 'min(id)'];
  const lists = (rows: string, id: string, orders: readonly string[][]) =>
    orders.map((columns) => {
      const order = columns.map((column) => `${column} ${direction}`).join(', ');
      return `to_json(array(select ${id}::text as item from ${rows} order by ${order}))`;
    });
  const changes = lists('found where id is not null', 'id', [['id'], ['at', 'id'], ['at', 'revision', 'id']]);
  const revisions = lists('found group by at, revision', 'revision', [['at', 'revision'], [first]]);
  return `with found as (
    select c.id, c.entity_type, r.id as revision, r.recorded_at as at
    from ${REVISIONS} r ${join} ${CHANGES} c on c.of_revision = r.id where ${where}
  ), counted as (
    select (at at time zone 'UTC')::date as day, entity_type, count(*) as n from found where id is not null group by 1, 2
  ), days as (
    select day, json_build_object('day', day, 'total', sum(n), 'counts', json_object_agg(entity_type, n)) as numbers
    from counted group by day
  )
  select json_build_object('changes', json_build_array(${changes}), 'revisions', json_build_array(${revisions}),
    'days', to_json(array(select numbers from days order by day))) as expected`;
}

function whereOf({ conditions: asked, ids }: Search): string {
  const entity = ids ? [Order] : asked.entity;
  return all([
    ...equal('r.actor_type', asked.actor?.type),
    ...equal('r.actor_id', asked.actor?.id),
    ...equal(`r.on_behalf_of ->> 'type'`, asked.onBehalfOf?.type),
    ...equal(`r.on_behalf_of ->> 'id'`, asked.onBehalfOf?.id),
    ...equal('r.action', asked.action),
    ...equal('r.correlation_id', asked.correlationId),
    ...equal('r.outcome', asked.outcome),
    ...equal('r.restored_revision_id', asked.restoredRevisionId),
    ...equal('c.of_revision', asked.revisionId),
    ...(asked.from ? [`r.recorded_at >= '${asked.from.toISOString()}'`] : []),
    ...(asked.until ? [`r.recorded_at < '${asked.until.toISOString()}'`] : []),
    ...(entity ? [any([entity].flat().flatMap((one) => equal('c.entity_type', NAMES.get(one))))] : []),
    ...(ids ? [any(ids.flatMap((id) => equal('c.entity_id', String(id))))] : []),
    ...(asked.partOf ? [ofWhole(asked.partOf)] : []),
    ...[asked.operation ?? []].flat().flatMap((operation) => equal('c.operation', operation)),
    ...(asked.text ? [`c.id > 0 and r.on_behalf_of ->> 'label' = 'Boss'`] : []),
    ...(asked.within ? [inScope(asked.within)] : []),
  ]);
}

function inScope({ metadata, entity: classes, partOf: wholes, anyOf }: TrailScope): string {
  return all([
    ...(metadata ? [`r.metadata @> '${JSON.stringify(metadata)}'`] : []),
    ...(classes ? [any([classes].flat().flatMap((one) => equal('c.entity_type', NAMES.get(one))))] : []),
    ...(wholes ? [any([wholes].flat().map(ofWhole))] : []),
    ...(anyOf ? [any(anyOf.map(inScope))] : []),
  ]);
}

function ofWhole({ id }: PartOfQuery): string {
  return `(c.entity_type = 'order' and c.entity_id = '${id}'
    or c.part_of_type = 'order' and '${id}' in (c.part_of_id, c.part_of_id_before))`;
}

function equal(sql: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${sql} = '${value}'`];
}

function all(parts: readonly string[]): string {
  return `(${['true', ...parts].join(' and ')})`;
}

function any(parts: readonly string[]): string {
  return `(${['false', ...parts].join(' or ')})`;
}

/** Some of the parts together; of two that say the same thing, the later. */
function merged<Whole extends object>(maxLength: number, parts: readonly fc.Arbitrary<Whole>[]) {
  return fc.array(fc.oneof(...parts), { maxLength }).map((some) => Object.assign({}, ...some) as Whole);
}
