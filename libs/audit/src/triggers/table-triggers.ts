import { createHash } from 'node:crypto';
import { literal, quoted } from '../model/sql-names.js';
import { noteStart, tableInNotes } from '../serialize/text/statement-note.js';
import { isBelievedSql, type RecordingSettings, recordingBody } from './revision-sql.js';
import { FUNCTION_SETTINGS } from './values/property-sql.js';

/** A table that triggers record. */
export interface RecordedTable {
  readonly schema: string;
  readonly name: string;
}

/** The changes that a statement means, by its event: queries over `new_rows`, `old_rows` or `pairs`. */
export interface TableChanges {
  readonly insert: string;
  readonly update: string;
  readonly delete: string;
  /** The body of a function that comes before that of deletes; null where none has to. */
  readonly collect: string | null;
  /** Over the table itself, before it is emptied. Null where that tells too little. */
  readonly truncate: string | null;
}

export interface TriggerSettings extends RecordingSettings {
  readonly truncate: 'refuse' | 'record';
}

/** A trigger as MikroORM's metadata has it. */
export interface DeclaredTrigger {
  readonly name: string;
  readonly timing: 'after';
  readonly events: ['insert' | 'update' | 'delete'];
  readonly forEach: 'statement';
  /** The function and the trigger, as statements. */
  readonly expression: string;
}

type Event = Exclude<keyof TableChanges, 'collect' | 'truncate'>;

const TRANSITIONS: Readonly<Record<Event, string>> = {
  insert: 'new table as new_rows',
  update: 'old table as old_rows new table as new_rows',
  delete: 'old table as old_rows',
};

/**
 * The rows of an update before and after it, `o` and `n`. They are paired by their place, which PostgreSQL fills in step, so that a
 * row is known again whose key has changed. `test/integration/triggers` holds it against the server.
 */
export const PAIRS = `(select row_number() over () as "#", * from old_rows) o join (select row_number() over () as "#", * from new_rows) n using ("#")`;

/** By which MikroORM's functions of triggers are named, so that its migrations drop them along. */
const functionName = (table: RecordedTable, trigger: string) =>
  `${quoted(table.schema)}.${quoted(`${table.name}_${trigger}_fn`)}`;

export function quotedTable({ schema, name }: RecordedTable): string {
  return tableInNotes(schema, name);
}

/**
 * One trigger for each event. Their names end with a digest of their text, because MikroORM cannot compare the text of a trigger:
 * so a changed entity or policy changes the name, and with it the next migration.
 * @param kind tells the triggers of several things apart that are recorded of one table
 */
export function tableTriggers(
  table: RecordedTable,
  kind: string,
  changes: TableChanges,
  settings: TriggerSettings,
): readonly DeclaredTrigger[] {
  const declared = (prefix: string, event: Event, textFor: (name: string) => string): DeclaredTrigger => {
    const digest = createHash('sha256').update(textFor(prefix)).digest('hex').slice(0, 8);
    const name = `${prefix}_${digest}`;
    return { name, timing: 'after', events: [event], forEach: 'statement', expression: textFor(name) };
  };
  const { collect } = changes;
  return [
    ...(Object.keys(TRANSITIONS) as Event[]).map((event) => {
      const prefix = `audit_${kind}${event}`;
      const rows = event === 'delete' ? 'old_rows' : 'new_rows';
      const body = recordingBody(quotedTable(table), rows, changes[event], settings);
      const truncate = event === 'insert' ? truncateSql(table, prefix, changes, settings) : '';
      return declared(
        prefix,
        event,
        (name) => `${triggerSql(table, name, event, body, settings)}${truncate}`,
      );
    }),
    // Triggers of one event fire in the order of their names.
    ...(collect === null
      ? []
      : [
          declared(`audit_${kind}collect`, 'delete', (name) =>
            triggerSql(table, name, 'delete', collect, settings, 'stable'),
          ),
        ]),
  ];
}

function triggerSql(
  table: RecordedTable,
  name: string,
  event: Event,
  body: string,
  { roles }: TriggerSettings,
  volatility: 'stable' | 'volatile' = 'volatile',
): string {
  const own = quotedTable(table);
  const isOwn = [
    `starts_with(current_query(), ${literal(noteStart({ own }))})`,
    // Another trigger may write the table as well, in the course of the same statement.
    'pg_trigger_depth() = 0',
    isBelievedSql(roles),
  ];
  return `${functionSql(functionName(table, name), body, volatility)};
create or replace trigger ${quoted(name)} after ${event} on ${own} referencing ${TRANSITIONS[event]} for each statement when ((${isOwn.join(' and ')}) is not true) execute function ${functionName(table, name)}()`;
}

/** MikroORM does not see such triggers in a database, and would make one that is declared anew for ever: it goes with another one. */
function truncateSql(
  table: RecordedTable,
  prefix: string,
  changes: TableChanges,
  settings: TriggerSettings,
): string {
  const own = quotedTable(table);
  const name = prefix.replace(/insert$/, 'truncate');
  const text =
    settings.truncate === 'record' && changes.truncate !== null
      ? recordingBody(own, own, changes.truncate, settings)
      : `begin
  if starts_with(current_query(), ${literal(noteStart({ covered: true }))}) and ${isBelievedSql(settings.roles)} then return null; end if;
  if exists (select from pg_trigger where tgrelid = tg_relid and starts_with(tgname, ${literal(prefix)})) then
    raise exception 'audit trail: % cannot be truncated, because its rows would leave no trace', tg_relid::regclass using hint =
      'Delete the rows, or give auditTriggers() the option truncate: ''record''.';
  end if;
  return null;
end`;
  return `;
${functionSql(functionName(table, name), text, 'volatile')};
create or replace trigger ${quoted(name)} before truncate on ${own} for each statement execute function ${functionName(table, name)}()`;
}

function functionSql(name: string, body: string, volatility: 'stable' | 'volatile'): string {
  // The plan for few rows would be used for many, which it joins by comparing each with each.
  const settings = [
    'set search_path = pg_catalog, pg_temp',
    'set enable_nestloop = off',
    ...FUNCTION_SETTINGS,
  ];
  return `create or replace function ${name}() returns trigger language plpgsql ${volatility} security definer ${settings.join(' ')} as $audit$
${body}
$audit$`;
}
