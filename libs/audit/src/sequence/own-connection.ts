import type { MikroORM } from '@mikro-orm/core';
import { Kysely, PostgreSqlConnection } from '@mikro-orm/postgresql';
import { SequencerError } from '../errors/sequencer-errors.js';
import type { SqlTransaction } from '../model/sql-transaction.js';
import { runStatement } from '../store/sql/sql-statement.js';

/** A connection to the primary that nobody else uses, so that its session can hold a lock. */
export interface OwnConnection {
  run<Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  /** All statements of the work see the same. */
  inSnapshot<Result>(work: (run: OwnConnection['run']) => Promise<Result>): Promise<Result>;
}

/** As much of a pool of `pg` as is used. */
interface Pool {
  on(event: 'connect', listener: (client: { unref?(): void }) => void): unknown;
}

interface PoolOptions {
  readonly onPoolCreated?: (pool: Pool) => void;
}

/**
 * Opens a connection with the options of the MikroORM instance, and closes it when the work is done. Those of its pool are for
 * the app: a pool of one would have none left.
 * @param keepsAlive whether a process that has nothing else to do stays for it
 */
export async function withOwnConnection<Result>(
  orm: MikroORM,
  keepsAlive: boolean,
  work: (connection: OwnConnection) => Promise<Result>,
): Promise<Result> {
  const options = poolOptions(orm);
  // An app that brings a Kysely or a dialect has hidden how it connects, so one of its connections is taken.
  if (options === null) {
    return primaryClient(orm)
      .connection()
      .execute((held) => work(connectionOf(held, orm)));
  }
  const onPoolCreated = (pool: Pool): void => {
    options.onPoolCreated?.(pool);
    if (!keepsAlive) {
      pool.on('connect', (client) => client.unref?.());
    }
  };
  const own = new PostgreSqlConnection(orm.config, {
    ...orm.config.getAll(),
    // The second one is for the look at the beginning.
    driverOptions: { ...options, min: 0, max: 2, onPoolCreated },
  });
  try {
    return await own
      .getClient()
      .connection()
      .execute(async (held) => {
        const connection = connectionOf(held, orm);
        await assertOwnSession(connection, connectionOf(own.getClient(), orm));
        return work(connection);
      });
  } finally {
    await own.close(true);
  }
}

/**
 * A lock of a session is worth nothing where each transaction may be in another one.
 * @param expected process of the server that has answered first
 * @throws SequencerError when another one answers
 */
export function assertSession<Row extends { readonly pid: number }>(
  answer: Row | undefined,
  expected: number,
): asserts answer is Row {
  if (answer?.pid !== expected) {
    throw notASession();
  }
}

/** A pooler that nobody else asks gives all transactions one session, so that it shows only where two ask. */
async function assertOwnSession(connection: OwnConnection, other: OwnConnection): Promise<void> {
  const pidSql = 'select pg_backend_pid() as pid';
  const [mine] = await connection.run<{ pid: number }>(pidSql);
  let others: readonly { readonly pid: number }[] = [];
  try {
    others = await other.run<{ pid: number }>(pidSql);
  } catch {
    // A server that has no second connection to give tells nothing; each answer is looked at later.
  }
  if (others.some(({ pid }) => pid === mine?.pid)) {
    throw notASession();
  }
}

function notASession(): SequencerError {
  return new SequencerError(
    'its connection is not always the same session of the server, so it cannot hold a lock',
    'Connect it past the pooler, or let the pooler keep sessions: run mikro-audit sequence with a direct connection.',
  );
}

/** The app's own pool to the primary. */
export function primaryClient(orm: MikroORM): ReturnType<PostgreSqlConnection['getClient']> {
  return (orm.em.getDriver().getConnection('write') as PostgreSqlConnection).getClient();
}

/** Null where there are none of a pool. */
function poolOptions(orm: MikroORM): PoolOptions | null {
  const given: unknown = orm.config.get('driverOptions') ?? {};
  const options: unknown = typeof given === 'function' ? given() : given;
  const isPlain = typeof options === 'object' && options !== null && !('createDriver' in options);
  return isPlain && !(options instanceof Kysely) ? options : null;
}

function connectionOf(held: Kysely<unknown>, orm: MikroORM): OwnConnection {
  const on =
    (executor: SqlTransaction): OwnConnection['run'] =>
    (sql, parameters = []) =>
      runStatement(executor, sql, parameters, orm.em.getDriver());
  return {
    run: on(held),
    inSnapshot: (work) =>
      held
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute((transaction) => work(on(transaction))),
  };
}
