import { createHash } from 'node:crypto';
import { literal, quoted } from '../model/sql-names.js';
import { noteStart } from '../serialize/text/statement-note.js';
import { namesInNotes, quotedTable, type RecordedTable } from './recorded-table.js';
import { isBelievedSql, type RecordingSettings, recordingBody } from './revision-sql.js';
import { FUNCTION_SETTINGS } from './values/property-sql.js';

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
  readonly timing: 'before' | 'after';
  readonly events: [Event];
  readonly forEach: 'row' | 'statement';
  /** The function and the trigger, as statements. */
  readonly expression: string;
}

/** Around the bodies of functions. */
const QUOTE = '$audit$';

type Event = 'insert' | 'update' | 'delete';

const TRANSITIONS: Readonly<Record<Event, string>> = {
  insert: 'new table as new_rows',
  update: 'old table as old_rows new table as new_rows',
  delete: 'old table as old_rows',
};

/**
 * The rows of an update before and after it, `o` and `n`. They are paired by their place, which PostgreSQL fills in step, so that a
 * row is known again whose key has changed. `test/integration/triggers` holds it against the server.
 */
export const PAIRS = `(select row_number() over () as "audit #", * from old_rows) o join (select row_number() over () as "audit #", * from new_rows) n using ("audit #")`;

/** By which MikroORM's functions of triggers are named, so that its migrations drop them along. */
const functionName = (table: RecordedTable, trigger: string) =>
  `${quoted(table.schema)}.${quoted(`${table.name}_${trigger}_fn`)}`;

/** The names of a trigger, quoted. */
export interface TriggerNames {
  readonly name: string;
  readonly functionName: string;
  readonly table: string;
}

/**
 * A trigger whose name ends with a digest of its text, because MikroORM cannot compare the text of a trigger: so a changed entity or
 * policy changes the name, and with it the next migration.
 * @param textFor its statements
 */
export function declaredTrigger(
  table: RecordedTable,
  {
    prefix,
    event,
    ...when
  }: Pick<DeclaredTrigger, 'timing' | 'forEach'> & { readonly prefix: string; readonly event: Event },
  textFor: (names: TriggerNames) => string,
): DeclaredTrigger {
  const named = (name: string) =>
    textFor({ name: quoted(name), functionName: functionName(table, name), table: quotedTable(table) });
  const digest = createHash('sha256').update(named(prefix)).digest('hex').slice(0, 8);
  const name = `${prefix}_${digest}`;
  return { ...when, name, events: [event], expression: named(name) };
}

/**
 * One trigger for each event.
 * @param kind tells the triggers of several things apart that are recorded of one table
 */
export function tableTriggers(
  table: RecordedTable,
  kind: string,
  changes: TableChanges,
  settings: TriggerSettings,
): readonly DeclaredTrigger[] {
  const declared = (prefix: string, event: Event, textFor: (names: TriggerNames) => string) =>
    declaredTrigger(table, { prefix, timing: 'after', event, forEach: 'statement' }, textFor);
  const { collect } = changes;
  return [
    ...(Object.keys(TRANSITIONS) as Event[]).map((event) => {
      const prefix = `audit_${kind}${event}`;
      const rows = event === 'delete' ? 'old_rows' : 'new_rows';
      const body = recordingBody(namesInNotes(table), rows, changes[event], settings);
      const truncate = event === 'insert' ? truncateSql(table, prefix, changes, settings) : '';
      return declared(prefix, event, (names) => `${triggerSql(names, event, body, settings)}${truncate}`);
    }),
    // Triggers of one event fire in the order of their names.
    ...(collect === null
      ? []
      : [
          declared(`audit_${kind}collect`, 'delete', (names) =>
            triggerSql(names, 'delete', collect, settings, 'stable'),
          ),
        ]),
  ];
}

function triggerSql(
  { name, functionName: calls, table: own }: TriggerNames,
  event: Event,
  body: string,
  { roles }: TriggerSettings,
  volatility: 'stable' | 'volatile' = 'volatile',
): string {
  const isOwn = [
    `starts_with(current_query(), ${literal(noteStart({ own }))})`,
    // Another trigger may write the table as well, in the course of the same statement.
    'pg_trigger_depth() = 0',
    isBelievedSql(roles),
  ];
  return `${functionSql(calls, body, volatility)};
create or replace trigger ${name} after ${event} on ${own} referencing ${TRANSITIONS[event]} for each statement when ((${isOwn.join(' and ')}) is not true) execute function ${calls}()`;
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
  // It stays behind when the others go, because MikroORM does not see it.
  const isRecorded = `exists (select from pg_trigger where tgrelid = tg_relid and starts_with(tgname, ${literal(prefix)}))`;
  const text =
    settings.truncate === 'record' && changes.truncate !== null
      ? recordingBody(namesInNotes(table), `${own} where ${isRecorded}`, changes.truncate, settings)
      : `begin
  if starts_with(current_query(), ${literal(noteStart({ also: true }))}) and ${isBelievedSql(settings.roles)} then return null; end if;
  if ${isRecorded} then
    raise exception 'audit trail: % cannot be truncated, because its rows would leave no trace', tg_relid::regclass using hint =
      'Delete the rows, or give auditTriggers() the option truncate: ''record''.';
  end if;
  return null;
end`;
  return `;
${functionSql(functionName(table, name), text)};
create or replace trigger ${quoted(name)} before truncate on ${own} for each statement execute function ${functionName(table, name)}()`;
}

export function functionSql(
  name: string,
  body: string,
  volatility: 'stable' | 'volatile' = 'volatile',
): string {
  // The plan for few rows would be used for many, which it joins by comparing each with each.
  const settings = [
    'set search_path = pg_catalog, pg_temp',
    'set enable_nestloop = off',
    ...FUNCTION_SETTINGS,
  ];
  return `create or replace function ${name}() returns trigger language plpgsql ${volatility} security definer ${settings.join(' ')} as ${QUOTE}
${body}
${QUOTE}`;
}

/** The body of the first function that some statements make. */
export function functionBody(statements: string): string {
  return statements.split(QUOTE)[1] ?? '';
}
