import pg, { type Client } from 'pg';
import { parseExactJson } from './exact-json.js';
import type { Row, TruthRow } from './input.js';

/**
 * The name sorts before `RI_...`, so that a row is written before the cascades that it causes. `security definer`, so
 * that roles without rights on the schema can be tested.
 */
const INSTALL = `
  create schema if not exists shadow;
  create unlogged table shadow.truth (
    seq bigserial primary key,
    transaction_id xid8 not null default pg_current_xact_id(),
    table_name text not null,
    operation text not null,
    old jsonb,
    new jsonb
  );
  create function shadow.record() returns trigger language plpgsql security definer as $$
  begin
    insert into shadow.truth (table_name, operation, old, new) values (
      case when tg_table_schema = 'public' then tg_table_name else tg_table_schema || '.' || tg_table_name end,
      tg_op,
      case when tg_op <> 'INSERT' then to_jsonb(old) end,
      case when tg_op <> 'DELETE' then to_jsonb(new) end
    );
    return null;
  end
  $$`;

interface StoredTruth {
  readonly seq: string;
  readonly transaction_id: string;
  readonly table_name: string;
  readonly operation: TruthRow['operation'];
  readonly old: string | null;
  readonly new: string | null;
}

/** Puts a trigger on every table that writes what really happened, in the same transaction, to the schema `shadow`. */
export async function installShadow(client: Client, tables: Iterable<string>): Promise<void> {
  await client.query(INSTALL);
  for (const table of new Set(tables)) {
    await client.query(
      `create trigger "AA_shadow" after insert or update or delete on ${quoteTable(table)}
       for each row execute function shadow.record()`,
    );
  }
}

/** The committed statements, in their order. */
export async function readShadow(client: Client): Promise<TruthRow[]> {
  const { rows } = await client.query<StoredTruth>(
    `select seq, transaction_id::text, table_name, operation, old::text, new::text from shadow.truth order by seq`,
  );
  return rows.map((row) => ({
    seq: Number(row.seq),
    transactionId: row.transaction_id,
    table: row.table_name,
    operation: row.operation,
    old: parseRow(row.old),
    new: parseRow(row.new),
  }));
}

/** All rows of tables as `to_jsonb` prints them, in one round trip. */
export async function readTables(client: Client, tables: readonly string[]): Promise<Record<string, Row[]>> {
  const read: Record<string, Row[]> = Object.fromEntries(tables.map((table) => [table, []]));
  const parts = tables.map(
    (table) =>
      `select ${pg.escapeLiteral(table)} as table, to_jsonb(t)::text as row from ${quoteTable(table)} t`,
  );
  if (parts.length > 0) {
    const { rows } = await client.query<{ table: string; row: string }>(parts.join(' union all '));
    for (const { table, row } of rows) {
      read[table]?.push(parseExactJson(row) as Row);
    }
  }
  return read;
}

/**
 * The statements that empty tables and start their sequences again. Deleting the few rows of a test takes a tenth of the
 * time of truncating thirty tables with their indexes, but only a superuser can let triggers and foreign keys sleep.
 */
export async function emptying(client: Client, tables: readonly string[]): Promise<string> {
  const { rows } = await client.query<{ isSuperuser: boolean }>(
    `select rolsuper as "isSuperuser" from pg_roles where rolname = current_user`,
  );
  if (!rows[0]?.isSuperuser) {
    return `truncate ${tables.map(quoteTable).join(', ')} restart identity cascade`;
  }
  return [
    'begin',
    'set local session_replication_role = replica',
    ...tables.map((table) => `delete from ${quoteTable(table)}`),
    `select setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
     from pg_sequences where last_value is not null`,
    'commit',
  ].join('; ');
}

/** `schema.table` or `table`, quoted. */
export function quoteTable(table: string): string {
  return table.split('.').map(pg.escapeIdentifier).join('.');
}

function parseRow(text: string | null): Row | null {
  return text === null ? null : (parseExactJson(text) as Row);
}
