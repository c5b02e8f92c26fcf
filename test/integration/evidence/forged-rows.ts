/** The owner of the tables runs it before writing rows that their constraints forbid. */
export const NO_CONSTRAINTS = `
alter table audit_change drop constraint audit_change_pkey cascade, alter id drop identity if exists, alter id drop not null,
  alter recorded_at drop not null;
alter table audit_leaf drop constraint audit_leaf_pkey, alter hash drop not null;
alter table audit_position drop constraint audit_position_pkey, drop constraint audit_position_change_idx;
alter table audit_read drop constraint audit_read_pkey;
alter table audit_tree_hash alter hash drop not null;`;

/** Columns that statements of ours have names for. */
export const TAKEN = [
  'bytes',
  'bytes_before',
  'twin',
  'position',
  'changeId',
  'leafHash',
  'seed',
  'salts',
  'recordedAt',
  'reads',
];
/** The change of a position. */
export const SEVENTH = '(select min(change_id) from audit_position where position = 7)';

/** A change that nobody made, as a reader of the trail would see it. */
export const forged = (columns = '', values = ''): string =>
  `insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, after, recorded_at${columns})
  overriding system value select 'system', 'success', 'tag', '1', 'update', '{"name": "forged"}', ${values};`;

export const OLD = `clock_timestamp() - interval '2 days'`;
export const HASH = `decode(repeat('ab', 32), 'hex')`;
export const LEAF = `insert into audit_leaf (position, hash, seed) values`;
