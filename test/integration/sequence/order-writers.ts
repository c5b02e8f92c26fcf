import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** How many rows of the application there are: few, so that writers meet. */
export const ROWS = 40;

/** Writes a change as the library does: the first row of the transaction has the header, further ones name it. */
const RECORD = `with known as (
  select id, recorded_at, actor_type from audit_change
  where transaction_id = pg_current_xact_id() and revision_id is null and age(xmin) <= 0 order by id desc limit 1
), first as (
  insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, after)
  select 'system', 'success', 'counted', $1::text, 'update', jsonb_build_object('version', $2::int)
  where not exists (select from known)
)
insert into audit_change (revision_id, recorded_at, actor_type, entity_type, entity_id, operation, after)
select id, recorded_at, actor_type, 'counted', $1::text, 'update', jsonb_build_object('version', $2::int) from known`;

/** The load that the sequencer has to stand. */
interface Habits {
  /** Of 1 000 transactions. */
  readonly aborted: number;
  readonly prepared: number;
  /** Milliseconds that a statement may be waited for. */
  readonly slow: number;
}

/** Commits, aborts, prepares and takes its time, at random, until it is told to stop. */
export class OrderWriter {
  /** Changes that are committed. */
  committed = 0;

  constructor(
    private readonly url: string,
    private readonly habits: Habits = { aborted: 120, prepared: 30, slow: 30 },
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    const client = new pg.Client(this.url);
    await client.connect();
    // They wait for each other crosswise all the time, which the server would notice after a second.
    await client.query("set deadlock_timeout = '10ms'");
    try {
      while (!signal.aborted) {
        await this.transaction(client);
      }
    } finally {
      await client.end();
    }
  }

  private async transaction(client: pg.Client): Promise<void> {
    const { aborted, prepared } = this.habits;
    await client.query('begin');
    try {
      let changes = 0;
      for (let steps = 1 + random(3); steps > 0; steps -= 1) {
        changes += await this.step(client);
      }
      const fate = random(1_000);
      if (fate < aborted) {
        await client.query('rollback');
      } else if (fate < aborted + prepared) {
        const name = randomUUID();
        await client.query(`prepare transaction '${name}'`);
        await pause(random(200));
        await client.query(`commit prepared '${name}'`);
        this.committed += changes;
      } else {
        await client.query('commit');
        this.committed += changes;
      }
    } catch {
      // Two writers wait for each other crosswise, or all prepared transactions are taken: the server has undone it.
      await client.query('rollback');
    }
  }

  /** @returns changes that stay */
  private async step(client: pg.Client): Promise<number> {
    const inSavepoint = random(4) === 0;
    if (inSavepoint) {
      await client.query('savepoint step');
    }
    const id = 1 + random(ROWS);
    const { rows } = await client.query<{ version: number }>(
      'update counted set version = version + 1 where id = $1 returning version',
      [id],
    );
    if (random(10) === 0) {
      await pause(random(this.habits.slow));
    }
    await client.query(RECORD, [String(id), rows[0]?.version]);
    if (!inSavepoint) {
      return 1;
    }
    const isUndone = random(2) === 0;
    await client.query(isUndone ? 'rollback to savepoint step' : 'release savepoint step');
    return isUndone ? 0 : 1;
  }
}

function random(limit: number): number {
  return Math.floor(Math.random() * limit);
}
