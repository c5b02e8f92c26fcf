/** The audit table of the contenders that are written by hand: one row per change, who and when in each. */
export const AUDIT_LOG = `create table audit_log (
  id bigint generated always as identity primary key,
  occurred_at timestamptz not null default now(),
  actor text,
  request_id text,
  entity_type text not null,
  entity_id text not null,
  action text not null,
  changes jsonb not null
);
create index on audit_log (entity_type, entity_id, id desc);
create index on audit_log (actor, id desc);
create index on audit_log using brin (occurred_at);`;

export const ACTOR = '4711';
export const REQUEST_ID = '3f6f2c8e-6c1f-4f35-9d8e-0a1b2c3d4e5f';

export type Values = Readonly<Record<string, unknown>>;

/** Old and new value of each field that differs, as such solutions usually store it. */
export function difference(before: Values | undefined, after: Values | undefined): Record<string, object> {
  const changes: Record<string, object> = {};
  for (const field of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    changes[field] = { old: before?.[field] ?? null, new: after?.[field] ?? null };
  }
  return changes;
}

/** The part of the values before that an update has changed. */
export function pick(values: Values, fields: Values): Values {
  return Object.fromEntries(Object.keys(fields).map((field) => [field, values[field]]));
}
