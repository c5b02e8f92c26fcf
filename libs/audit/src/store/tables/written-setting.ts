/**
 * A setting of a transaction: its id, once triggers have recorded something in it. A savepoint that is rolled back takes it back
 * together with their rows.
 */
export const WRITTEN_SETTING = 'audit.written_in';

/** Whether triggers have begun a revision in this transaction. */
export const HAS_TRIGGER_ROWS = `current_setting('${WRITTEN_SETTING}', true) is not distinct from pg_current_xact_id()::text`;
