/**
 * SQL for a trail of orders that have lines, a customer and a tag each: 20 changes per order, each creation with a full
 * state, four changes per revision, ten seconds apart.
 *
 * @param first id of the first order
 * @param count number of orders
 */
export function largeTrail(first: number, count: number): readonly string[] {
  return [
    `create temporary table told on commit drop as
     select row_number() over (order by round, kind, id) as n, * from (
       select 'order' as kind, id, round from generate_series(${first}, ${first + count - 1}) id, generate_series(1, 8) round
       union all
       select 'line', id, round from generate_series(${2 * first}, ${2 * (first + count) - 1}) id, generate_series(1, 6) round
     ) story`,
    `with said as (
       insert into audit_revision (recorded_at, actor_type, actor_id, correlation_id, action)
       select coalesce((select max(recorded_at) from audit_revision), '2025-01-01Z') + n * interval '10 seconds',
         'user', 'u' || n % 400, 'c' || ${first} || '-' || n, case when n % 50000 = 1 then 'rare' else 'usual' end
       from generate_series(1, ${5 * count}) n order by n
       returning id, recorded_at, actor_id, action
     ), first_of as (select min(id) as id from said)
     insert into audit_change (revision_id, recorded_at, actor_type, actor_id, action, entity_type, entity_id, root_type, root_id,
       operation, before, after, targets)
     select said.id, said.recorded_at, 'user', said.actor_id, said.action, kind, told.id, case kind when 'line' then 'order' end,
       case kind when 'line' then told.id / 2 end, case round when 1 then 'create' else 'update' end,
       case when round > 1 then case kind when 'order' then jsonb_build_object('price', (round - 1) || '.00')
         else jsonb_build_object('quantity', round - 1) end end,
       case when kind = 'line' then jsonb_build_object('quantity', round)
           || case round when 1 then jsonb_build_object('id', told.id, 'order', told.id / 2) else '{}' end
         else jsonb_build_object('price', round || '.00') || case round when 1 then jsonb_build_object(
           'id', told.id, 'title', 'Order ' || told.id, 'status', 'open', 'total', null, 'pieces', null, 'dueAt', null,
           'paid', false, 'card', null, 'taxNumber', null, 'extra', null, 'address.street', null, 'address.city', 'Kiel',
           'parcel', null, 'customer', told.id,
           'tags', jsonb_build_object('$links', jsonb_build_array(told.id::text))) else '{}' end end,
       case when round = 1 then case kind when 'line' then array['line.order:' || told.id / 2]
         else array['order.customer:' || told.id, 'order.tags:' || told.id] end end
     from told, first_of, said where said.id = first_of.id + (n - 1) / 4 order by n`,
    `with said as (
       insert into audit_revision (recorded_at, actor_type, actor_id)
       select (select max(recorded_at) from audit_revision) + n * interval '1 second', 'system', 'import'
       from generate_series(1, ${count}) n returning id, recorded_at
     ), numbered as (select id, recorded_at, ${first} - 1 + row_number() over () as own from said)
     insert into audit_change (revision_id, recorded_at, actor_type, actor_id, entity_type, entity_id, operation, after)
     select numbered.id, numbered.recorded_at, 'system', 'import', kind, own, 'create', jsonb_build_object('id', own, 'name', kind || own)
     from numbered, unnest('{customer,tag}'::text[]) kind`,
  ];
}
