import type { AuditChange } from '../../store/tables/audit-change.entity.js';

/** A column of `audit_change`, by its property. */
type ChangeColumn = Extract<keyof AuditChange, string>;

/**
 * How a leaf has a column:
 * - `open`: as it is. Not erasable, so never personal.
 * - `text`, `json`: a commitment to its value.
 * - `members`: a commitment to each member of the JSON object, so that each can be erased alone.
 * - `values`: a commitment to each property path, for both sides together.
 */
type Place = 'open' | 'text' | 'json' | 'members' | 'values';

interface SealedColumnDeclaration {
  readonly place: Place;
  /**
   * The value as text, where `c` is the row: what PostgreSQL itself writes of it, whatever time zone, date style or type parser
   * there is.
   */
  readonly sql: string;
}

/**
 * Every column that a reader is shown has its place in the leaf. A column of the entity that is missing here does not
 * compile. A column that is null is left out of the leaf, so a new one changes no leaf of a row that it did not have.
 */
const COLUMNS = {
  id: { place: 'open', sql: 'c.id::text' },
  revisionId: { place: 'open', sql: 'c.revision_id::text' },
  recordedAt: { place: 'open', sql: `(to_jsonb(c.recorded_at at time zone 'UTC') #>> '{}') || 'Z'` },
  actorType: { place: 'open', sql: 'c.actor_type' },
  actorId: { place: 'text', sql: 'c.actor_id' },
  actorLabel: { place: 'text', sql: 'c.actor_label' },
  onBehalfOf: { place: 'members', sql: 'c.on_behalf_of::text' },
  action: { place: 'open', sql: 'c.action' },
  reason: { place: 'text', sql: 'c.reason' },
  restoredRevisionId: { place: 'open', sql: 'c.restored_revision_id::text' },
  entityType: { place: 'open', sql: 'c.entity_type' },
  entityId: { place: 'text', sql: 'c.entity_id' },
  partOfType: { place: 'open', sql: 'c.part_of_type' },
  partOfId: { place: 'text', sql: 'c.part_of_id' },
  partOfIdBefore: { place: 'text', sql: 'c.part_of_id_before' },
  renamedTo: { place: 'text', sql: 'c.renamed_to' },
  operation: { place: 'open', sql: 'c.operation' },
  before: { place: 'values', sql: 'c.before::text' },
  after: { place: 'values', sql: 'c.after::text' },
  labels: { place: 'members', sql: 'c.labels::text' },
  targets: { place: 'json', sql: 'to_jsonb(c.targets)::text' },
  transactionId: { place: 'open', sql: 'c.transaction_id::text' },
  authenticationMethod: { place: 'open', sql: 'c.authentication_method' },
  outcome: { place: 'open', sql: 'c.outcome' },
  origin: { place: 'members', sql: 'c.origin::text' },
  correlationId: { place: 'text', sql: 'c.correlation_id' },
  traceId: { place: 'text', sql: 'c.trace_id' },
  spanId: { place: 'text', sql: 'c.span_id' },
  metadata: { place: 'members', sql: 'c.metadata::text' },
} as const satisfies Readonly<Record<ChangeColumn, SealedColumnDeclaration>>;

export type SealedColumn = keyof typeof COLUMNS | 'reads';

/**
 * A row of `audit_change` as it is sealed: the text of each column, JSON as the text that PostgreSQL has of it, null
 * where the column is null. `reads` are the entities that a revision has looked at, as JSON: pairs of type and id, in
 * order; null where there are none.
 */
export type SealedRow = Readonly<Record<SealedColumn, string | null>>;

const columnsIn = (place: Place): readonly SealedColumn[] =>
  Object.entries(COLUMNS).flatMap(([name, column]) =>
    column.place === place && isSealedColumn(name) ? [name] : [],
  );

function isSealedColumn(name: string): name is SealedColumn {
  return name === 'reads' || Object.hasOwn(COLUMNS, name);
}

/** Sorted, as a leaf has them. */
export const OPEN_COLUMNS: readonly SealedColumn[] = columnsIn('open').toSorted();
export const TEXT_COLUMNS = columnsIn('text');
export const JSON_COLUMNS: readonly SealedColumn[] = [...columnsIn('json'), 'reads'];
export const MEMBER_COLUMNS = columnsIn('members');

/** All of them, in the order in which a row is read. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  ...Object.keys(COLUMNS).filter(isSealedColumn),
  'reads',
];

/** Stands for the `reads` of a row that is too large to be read; no JSON is like that. */
export const TOO_LARGE = 'too large';
/** Bytes of text that a row may have. JavaScript has no string of eight times as many: the process that reads one ends. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Bytes of a column that is shown of such a row nevertheless, so that a finding can name it. */
const SHOWN_BYTES = 1_000;
/** Bytes of the reads of one row that are put together: the server makes no JSON of more than 256 MB. */
const MOST_READ_BYTES = 16 * 1024 * 1024;

/** Digits of a number that JSON may have, far more than a double; and bytes of JSON that has too few numbers to be looked at. */
const [WIDE, NARROW_BYTES] = [500, 2_000];

const TEXT = /^c\.\w+$/;

/** The column of `c` that a text is made of. */
const columnOf = (sql: string): string => /c\.\w+/.exec(sql)?.[0] ?? sql;

const JSON_COLUMNS_OF_ROW = Object.values(COLUMNS)
  .filter(({ place }) => place === 'members' || place === 'values')
  .map(({ sql }) => columnOf(sql));

/**
 * Select list of a `SealedRow`, where `c` is the row of `audit_change`. Columns of text are cast, whatever type somebody has given them.
 * @param read the table `audit_read`, quoted
 */
export function sealedRowSelect(read: string): string {
  const columns = Object.entries(COLUMNS).map(
    ([name, { place, sql }]) => `${textSql(place, sql)} as "${name}"`,
  );
  const isWide = JSON_COLUMNS_OF_ROW.map(isWideSql).join(' or ');
  return `${columns.join(', ')}, case when ${isWide} then '${TOO_LARGE}' else ${readsSql(read)} end as "reads"`;
}

function textSql(place: Place, sql: string): string {
  if (TEXT.test(sql)) {
    return `${sql}::text`;
  }
  return place === 'members' || place === 'values'
    ? `case when not (${isWideSql(columnOf(sql))}) then ${sql} end`
    : sql;
}

/** SQL of whether JSON has a number of a few bytes and many digits, such as 1e131071: of thousands of them the server has no text. */
function isWideSql(column: string): string {
  const isWide = `@ > 1e${WIDE} || @ < -1e${WIDE} || (@ > -1e-${WIDE} && @ < 1e-${WIDE} && @ != 0)`;
  return `(pg_column_size(${column}) > ${NARROW_BYTES} or pg_column_compression(${column}) is not null)
    and jsonb_path_exists(to_jsonb(${column}), 'strict $.** ? (${isWide})')`;
}

/** SQL of how many bytes a `SealedRow` has, of which `c` is the row of `audit_change`: the select list, as it was selected as `r`. */
export const SELECTED_BYTES: string = SEALED_COLUMNS.map(
  (name) => `coalesce(octet_length(r."${name}"), 0)::bigint`,
).join(' + ');

/**
 * Select list of what can be read of such a `r`, all of it but where it is too large.
 * @param bytes SQL of `SELECTED_BYTES`
 */
export function readableSelect(bytes: string): string {
  const fits = `${bytes} <= ${MOST_BYTES}`;
  return SEALED_COLUMNS.map((name) =>
    name === 'reads'
      ? `case when ${fits} then r."reads" else '${TOO_LARGE}' end as "reads"`
      : `case when ${fits} or octet_length(r."${name}") <= ${SHOWN_BYTES} then r."${name}" end as "${name}"`,
  ).join(', ');
}

/** The columns of a row `c` that a `SealedRow` is made of, and no others: somebody may have added some whose names are taken. */
export const SOURCE_COLUMNS: string = [
  ...new Set(Object.values(COLUMNS).flatMap(({ sql }) => sql.match(/c\.\w+/g) ?? [])),
].join(', ');

/** How many times as large JSON is that PostgreSQL has stored compressed, which tells of texts only how long they are. */
const EXPANSION = 8;

/** SQL of about how many bytes the values of a row `c` have. It reads no value that is stored apart. */
export const SEALED_BYTES: string = Object.values(COLUMNS)
  // Numbers and times are short.
  .filter(({ place, sql }) => place !== 'open' || TEXT.test(sql))
  .map(({ sql }) => (TEXT.test(sql) ? textBytesSql(sql) : jsonBytesSql(columnOf(sql))))
  .join(' + ');

function textBytesSql(column: string): string {
  return `coalesce(octet_length(${column}::text), 0)`;
}

/** SQL of about how many bytes a column has as text that is JSON or a list. */
export function jsonBytesSql(column: string): string {
  return `coalesce(pg_column_size(${column})::bigint * case when pg_column_compression(${column}) is null then 1 else ${EXPANSION} end, 0)`;
}

/**
 * Further changes have no reads of their own, so nothing is looked up for them. Most others have none either, and to find that none is
 * there costs less than to put none together.
 */
function readsSql(read: string): string {
  const pair = 'jsonb_build_array(r.entity_type, r.entity_id)';
  const order = 'r.entity_type collate "C", r.entity_id collate "C"';
  const bytes = 'octet_length(r.entity_type) + octet_length(r.entity_id) + 32';
  const isThere = `exists (select from ${read} r where r.revision_id = c.id)`;
  return `case when c.revision_id is null and ${isThere} then (
    select case when max(r.bytes) > ${MOST_READ_BYTES} then '${TOO_LARGE}'
      else jsonb_agg(${pair} order by ${order}) filter (where r.bytes <= ${MOST_READ_BYTES})::text end
    from (
      select r.entity_type, r.entity_id, sum(${bytes}) over (rows unbounded preceding) as bytes
      from ${read} r where r.revision_id = c.id
    ) r
  ) end`;
}
