import type pg from 'pg';
import type { ProgressBar } from '../report/progress-bar.js';

/** The shape of a trail of some size. */
export interface TrailShape {
  readonly changes: number;
  readonly revisions: number;
  readonly entities: number;
  readonly actors: number;
}

/** Every 512th change is of the entity with the number 0. */
const HOT_EVERY = 512;
const MONTHS = 24;
const CHANGES_PER_REVISION = 2;
const SLICES = 20;

export function shapeOf(changes: number): TrailShape {
  return {
    changes,
    revisions: Math.ceil(changes / CHANGES_PER_REVISION),
    entities: Math.min(262_144, Math.ceil(changes / 38)),
    actors: 4_096,
  };
}

/** SQL of the key of the entity with a number; 0 is the hot one. */
export function entityKey(number: string): string {
  return `md5((${number})::text)::uuid::text`;
}

interface IndexRow {
  readonly name: string;
  readonly definition: string;
}

/**
 * Fills empty audit tables: each entity is created, then updated (3 fields), entities and actors at random, in the order
 * of time. Made on the server; indexes come afterwards, which is faster.
 */
export async function fillTrail(client: pg.Client, shape: TrailShape, progress: ProgressBar): Promise<void> {
  const indexes = await dropIndexes(client);
  const until = new Date();
  for (let slice = 0; slice < SLICES; slice++) {
    const range = [0, 1].map((end) => Math.floor((shape.changes * (slice + end)) / SLICES));
    await client.query(changesSql(shape, until), [Number(range[0]) + 1, range[1]]);
    progress.update(((slice + 1) / SLICES) * 0.7);
  }
  await client.query(`select setval(pg_get_serial_sequence('audit_change', 'id'), ${shape.changes})`);
  for (const [index, { definition }] of indexes.entries()) {
    await client.query(definition);
    progress.update(0.7 + ((index + 1) / indexes.length) * 0.2);
  }
  await client.query('vacuum (freeze, analyze) audit_change');
  progress.update(1);
}

/** @returns those that were there, but for the primary keys, to make them again */
async function dropIndexes(client: pg.Client): Promise<readonly IndexRow[]> {
  const { rows } = await client.query<IndexRow>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index where indrelid = 'audit_change'::regclass and not indisprimary`,
  );
  for (const { name } of rows) {
    await client.query(`drop index ${name}`);
  }
  return rows;
}

function changesSql(shape: TrailShape, until: Date): string {
  const { entities } = shape;
  const updated = `case when n % ${HOT_EVERY} = 0 then 0 else ${randomBelow('n', entities)} end`;
  return `
insert into audit_change (id, revision_id, recorded_at, actor_type, actor_id, actor_label, outcome, origin, correlation_id,
  entity_type, entity_id, operation, before, after)
overriding system value
select n, nullif(first, n), ${recordedAt('revision', shape, until)}, 'user', ${actorOf('revision', shape)}, 'Anna Bauer',
  case when n = first then 'success' end,
  case when n = first then '{"ip": "10.0.0.1", "route": "/orders/:id", "method": "PATCH", "source": "http", "handler": "OrdersController.change"}'::jsonb end,
  case when n = first then md5(n::text) end, 'order',
  ${entityKey(`case when n <= ${entities} then n - 1 else ${updated} end`)},
  case when n <= ${entities} then 'create' else 'update' end,
  case when n > ${entities} then
    jsonb_build_object('status', 'open', 'price', n::text, 'updatedAt', '2026-11-24T06:00:00.000Z') end,
  case when n > ${entities} then
    jsonb_build_object('status', 'closed', 'price', (n + 1)::text, 'updatedAt', '2026-11-24T06:10:00.000Z')
  else jsonb_build_object('id', ${entityKey('n - 1')}, 'title', 'Replace the pump', 'status', 'open', 'price', '1',
    'updatedAt', '2026-11-24T06:00:00.000Z') end
from generate_series($1::bigint, $2::bigint) n,
  lateral (select (n - 1) / ${CHANGES_PER_REVISION} + 1, n - (n - 1) % ${CHANGES_PER_REVISION}) of(revision, first)`;
}

/** Evenly over the months; the same for all changes of a revision. */
function recordedAt(revision: string, { revisions }: TrailShape, until: Date): string {
  return `timestamptz '${until.toISOString()}' - interval '${MONTHS} months' * (1 - ${revision}::float8 / ${revisions})`;
}

function actorOf(revision: string, { actors }: TrailShape): string {
  return `${randomBelow(`${revision} * 7 + 1`, actors)}::text`;
}

/** The same number for the same seed. */
function randomBelow(seed: string, limit: number): string {
  return `((hashint8(${seed}) & 2147483647) % ${limit})`;
}
