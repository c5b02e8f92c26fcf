import pg from 'pg';

/** Waits until so many sessions of a database wait for a lock. */
export async function untilBlocked(url: string, sessions = 1): Promise<void> {
  const watcher = new pg.Client(url);
  await watcher.connect();
  try {
    for (;;) {
      const { rows } = await watcher.query(
        "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      if (rows[0].n >= sessions) return;
    }
  } finally {
    await watcher.end();
  }
}
