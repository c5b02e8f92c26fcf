import { GIVEN_ACTOR_TYPES } from '../model/actor.js';
import { literal } from '../model/sql-names.js';
import { NOTE_START } from '../serialize/text/statement-note.js';
import { BRIEF_COLUMNS, HEADER_COLUMNS } from '../store/tables/revision-header.js';
import { WRITTEN_SETTING } from '../store/tables/written-setting.js';
import { FIRST_COLUMNS, FURTHER_COLUMNS } from '../store/write/inserted-columns.js';

/** Where a program that is no part of the app can say who acts: JSON in the shape of the context of a statement note. */
const CONTEXT_SETTING = 'audit.context';

/** The trigger of the table of changes that is careful with them, before its digest. */
export const CAREFUL_TRIGGER = 'audit_careful';
/** Under which the labels of a change tell that trigger where values may be some that cannot be taken as they are. */
export const CAREFUL_MARK = '$careful';

/** Columns of a change, in the order in which the statements write them. */
const CHANGE = 't, i, rt, ri, o, b, a, l, lr, nt, tg';

const BRIEF = BRIEF_COLUMNS.join(', ');

/** How each column of a header is read from the context of the statement. */
const HEADER: Readonly<Record<string, string>> = {
  actor_type: "coalesce(context #>> '{actor,type}', 'database')",
  actor_id: "case when context ? 'actor' then context #>> '{actor,id}' else session_user::text end",
  actor_label: "context #>> '{actor,label}'",
  on_behalf_of: "context -> 'onBehalfOf'",
  authentication_method: "context ->> 'authenticationMethod'",
  action: "context ->> 'action'",
  reason: "context ->> 'reason'",
  outcome: "'success'",
  origin: `coalesce(context -> 'origin', jsonb_build_object('source', 'database', 'ip', host(inet_client_addr()),
      'userAgent', nullif(current_setting('application_name', true), ''), 'method', null, 'route', null, 'handler', null))`,
  correlation_id: "context ->> 'correlationId'",
  trace_id: "context ->> 'traceId'",
  span_id: "context ->> 'spanId'",
  restored_revision_id: "(context ->> 'restoredRevisionId')::bigint",
  metadata: "context -> 'metadata'",
};

export interface RecordingSettings {
  /** The quoted table of changes. */
  readonly auditChange: string;
  /** Roles whose notes are believed; null for all. */
  readonly roles: readonly string[] | null;
  /** Declarations that the expressions of values need. */
  readonly constants: readonly string[];
}

/**
 * The body of a trigger function that records the changes of a statement, in plpgsql. It joins the revision of this transaction
 * that is of the same actor, or begins one, and leaves a note of it for the statement of the unit of work.
 * Rows that a foreign key writes in the course of a statement on the same table are among its own, which the sender records: there
 * it fails, because nobody could tell them apart.
 * @param names of the table in notes: the first is its own, quoted and with its schema
 * @param rows a table with all that was written
 * @param changes a query with the columns of a change
 */
export function recordingBody(
  names: readonly [string, ...string[]],
  rows: string,
  changes: string,
  { auditChange, roles, constants }: RecordingSettings,
): string {
  const [table] = names;
  const isMarked = changes.includes(CAREFUL_MARK);
  return `#variable_conflict use_column
declare note jsonb; context jsonb; written bigint; ${isMarked ? 'marked boolean; ' : ''}${constants.filter(isUsedIn(changes)).join(' ')}
begin
  if not exists (select from ${rows}) then return null; end if;
  if starts_with(current_query(), ${literal(`${NOTE_START}{`)}) then
    note := split_part(substr(current_query(), ${NOTE_START.length + 1}), '*/', 1)::jsonb;
    if (note -> 'also' = 'true' or note -> 'also' ?| array[${names.map(literal).join(', ')}]) and ${isBelievedSql(roles)} then return null; end if;
    if note ->> 'own' = ${literal(table)} and pg_trigger_depth() = 1 and ${isBelievedSql(roles)} then
      raise exception 'audit trail: a foreign key of ${table.replaceAll("'", "''").replaceAll('%', '%%')} writes other rows of the same table, and MikroORM does not know its rule' using hint =
        'Declare the rule (deleteRule, updateRule) of that relation in the entity, or take it out of the database.';
    end if;
    context := note -> 'context';
  end if;
  context := jsonb_strip_nulls(coalesce(context, nullif(current_setting(${literal(CONTEXT_SETTING)}, true), '')::jsonb, '{}'));
  if context ? 'actor' and (context #>> '{actor,type}' in (${GIVEN_ACTOR_TYPES.map(literal).join(', ')})) is not true then
    raise exception 'audit trail: the context of this statement has no actor of a known type' using hint =
      'Set ${CONTEXT_SETTING} to JSON such as {"actor": {"type": "user", "id": "7"}, "reason": "..."}.';
  end if;
  with changes as materialized (
    select row_number() over () as n, x.* from (${changes}) x(${CHANGE})
  ), known as materialized (
    select id, ${BRIEF} from (
      select id, ${BRIEF} from ${auditChange}
      where transaction_id = pg_current_xact_id() and revision_id is null and entity_type is not null and age(xmin) <= 0
      order by id desc limit 1
    ) newest
    where not context ? 'actor' or context #>> '{actor,type}' = 'unknown' and context #>> '{actor,id}' is null
      or (actor_type, actor_id, on_behalf_of ->> 'type', on_behalf_of ->> 'id')
        is not distinct from (context #>> '{actor,type}', context #>> '{actor,id}', context #>> '{onBehalfOf,type}', context #>> '{onBehalfOf,id}')
  ), first as (
    insert into ${auditChange} (${FIRST_COLUMNS})
    select ${HEADER_COLUMNS.split(', ')
      .map((column) => HEADER[column])
      .join(', ')}, ${CHANGE}
    from changes where n = 1 and not exists (select from known)
    returning id, ${BRIEF}
  ), header as (
    select * from known union all select * from first
  ), further as (
    insert into ${auditChange} (${FURTHER_COLUMNS})
    select header.*, ${CHANGE} from changes, header where n > 1 or exists (select from known) order by n
  )
  select count(*)${isMarked ? `, bool_or(l ? ${literal(CAREFUL_MARK)}) into written, marked` : ' into written'} from changes;
${isMarked ? missingTriggerSql(auditChange) : ''}  if written > 0 then perform set_config(${literal(WRITTEN_SETTING)}, pg_current_xact_id()::text, true); end if;
  return null;
end`;
}

/** Whether the role of the session may say that a statement is recorded already. */
export function isBelievedSql(roles: readonly string[] | null): string {
  return roles ? `session_user in (${roles.map(literal).join(', ')})` : 'true';
}

/** Fails where nothing was careful with the changes: secrets would be in the trail. */
function missingTriggerSql(auditChange: string): string {
  return `  if marked then
    if not exists (select from pg_trigger where tgrelid = ${literal(auditChange)}::regclass and starts_with(tgname, ${literal(CAREFUL_TRIGGER)}) and tgenabled in ('O', 'A')) then
      raise exception 'audit trail: the trigger ${CAREFUL_TRIGGER} of audit_change, which hides secrets, is missing or off' using hint =
        'Create it as the migrations of the app do, or switch it on.';
    end if;
  end if;
`;
}

/** Whether a declaration such as `words constant jsonb := ...` is of a name that occurs in a text. */
function isUsedIn(text: string): (declaration: string) => boolean {
  return (declaration) => text.includes(declaration.split(' ', 1)[0] ?? '');
}
