/**
 * SQL for a trail of orders that have lines, a customer and a tag each: 20 changes per order, each creation with a full
 * state, four changes per revision, ten seconds apart.
 *
 * @param first id of the first order
 * @param count number of orders
 */
export function largeTrail(first: number, count: number): readonly string[] {
  const begin = `(select coalesce(max(id), 0) as id, coalesce(max(recorded_at), '2025-01-01Z') as at from audit_change) begin`;
  // Rows of one revision; the first of them has its number.
  const ofRevision = (n: string, rows: number) => `nullif(${n} - (${n} - 1) % ${rows}, ${n})`;
  const sequence = `select setval(pg_get_serial_sequence('audit_change', 'id'), max(id)) from audit_change`;
  return [
    `create temporary table told on commit drop as
     select row_number() over (order by round, kind, id) as n, * from (
       select 'order' as kind, id, round from generate_series(${first}, ${first + count - 1}) id, generate_series(1, 8) round
       union all
       select 'line', id, round from generate_series(${2 * first}, ${2 * (first + count) - 1}) id, generate_series(1, 6) round
     ) story`,
    `insert into audit_change (id, revision_id, recorded_at, actor_type, actor_id, action, outcome, correlation_id, entity_type,
       entity_id, part_of_type, part_of_id, operation, before, after, targets)
     overriding system value
     select begin.id + n, begin.id + ${ofRevision('n', 4)}, begin.at + revision * interval '10 seconds', 'user', 'u' || revision % 400,
       case when revision % 50000 = 1 then 'rare' else 'usual' end,
       case when n % 4 = 1 then 'success' end, case when n % 4 = 1 then 'c' || ${first} || '-' || revision end,
       kind, told.id, case kind when 'line' then 'order' end,
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
     from told, ${begin}, lateral (select (n - 1) / 4 + 1) of(revision) order by n`,
    sequence,
    `insert into audit_change (id, revision_id, recorded_at, actor_type, actor_id, outcome, entity_type, entity_id, operation, after)
     overriding system value
     select begin.id + n, begin.id + ${ofRevision('n', 2)}, begin.at + (n + 1) / 2 * interval '1 second', 'system', 'import',
       case when n % 2 = 1 then 'success' end, kind, own, 'create', jsonb_build_object('id', own, 'name', kind || own)
     from ${begin}, generate_series(1, ${2 * count}) n,
       lateral (select ${first} + (n - 1) / 2, (array['customer', 'tag'])[1 + (n - 1) % 2]) of(own, kind) order by n`,
    sequence,
    `insert into audit_position (position, change_id)
     select (select count(*) from audit_position) + row_number() over (order by c.id) - 1, c.id from audit_change c
     where not exists (select from audit_position p where p.change_id = c.id)`,
  ];
}

/** Of a sequencer that has given these positions: a transaction of its own, which sees them all. */
export const TICK = `insert into audit_tick (number, kind, snapshot, size, system_identifier)
     select coalesce(max(number), 0) + 1, 'beginning', pg_current_snapshot(), (select count(*) from audit_position), 1 from audit_tick`;
